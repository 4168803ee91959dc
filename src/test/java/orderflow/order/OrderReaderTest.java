package orderflow.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import orderflow.platform.json.ValidationException;
import orderflow.platform.json.Violation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderReaderTest {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final String ORDER =
      """
      {"customer":{"id":"c-1001","email":"minji@example.com","name":"김민지","locale":"ko",
       "phone":"+82 10-1234-5678"},"currency":"KRW",
       "items":[{"sku":"TS-001","name":"린넨 셔츠","quantity":2,"unitPrice":"39000"}],
       "couponCode":"WELCOME10"}\
      """;

  @Test
  void readsAnOrder() {
    NewOrder order = OrderReader.read(json(ORDER));

    assertThat(order.customer())
        .isEqualTo(new Customer("c-1001", "minji@example.com", "김민지", "ko", "+82 10-1234-5678"));
    assertThat(order.items())
        .containsExactly(new Item("TS-001", "린넨 셔츠", 2, new BigDecimal("39000")));
    assertThat(order.subtotal()).isEqualTo(new BigDecimal("78000"));
    assertThat(order.couponCode()).isEqualTo("WELCOME10");
    assertThat(order.reference()).isNull();
  }

  @Test
  void readsEverythingThatAnOrderOfAFileCanHave() {
    NewOrder order =
        OrderReader.readReferenced(
            with(
                with("", "orderRef", "\"2026-1\""),
                "charges",
                "[{\"label\":\"Shipping\",\"amount\":\"3000\"}]"));

    assertThat(order.orderNumber()).isEqualTo("2026-1");
    assertThat(Components.absentIn(order)).containsExactly("traceParent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\""})
  void whatIsOptionalIsAbsentWhereItIsNullOrEmpty(String value) {
    assertThat(OrderReader.read(with("", "couponCode", value)).couponCode()).isNull();
    assertThat(OrderReader.read(with("/customer", "phone", value)).customer().phone()).isNull();
    assertThat(OrderReader.read(with("/customer", "locale", value)).customer().locale())
        .isEqualTo("en");
  }

  @Test
  void readsWhatIsOptionalAlsoOfItemsAndAmounts() {
    String bare =
        """
        {"customer":{"id":"gid://shop/7","email":%1$s,"name":%1$s},"currency":"KRW",
         "items":[{"sku":%1$s,"name":"A","quantity":2.0,"unitPrice":"39000.00"}],
         "discounts":%1$s,"charges":%1$s,"orderNumber":%1$s}\
        """;
    for (String absent : List.of("null", "\"\"")) {
      NewOrder order = OrderReader.read(json(bare.formatted(absent)));

      assertThat(order.customer()).isEqualTo(new Customer("gid://shop/7", null, null, "en", null));
      assertThat(order.items()).containsExactly(new Item(null, "A", 2, new BigDecimal("39000")));
      assertThat(order.discounts()).isEmpty();
      assertThat(order.charges()).isEmpty();
      assertThat(order.orderNumber()).isNull();
    }
  }

  @Test
  void readsWhatAnotherSystemHasSettled() {
    NewOrder order =
        OrderReader.read(
            with(
                with(json(ORDER), "discounts", "[{\"label\":\"Sale\",\"amount\":\"1000.00\"}]"),
                "charges",
                "[{\"label\":\"Shipping\",\"amount\":3000}]"));

    assertThat(order.discounts()).containsExactly(new Amount("Sale", new BigDecimal("1000")));
    assertThat(order.charges()).containsExactly(new Amount("Shipping", new BigDecimal("3000")));
    assertThat(order.reducible()).isEqualTo(new BigDecimal("77000"));
  }

  @Test
  void theSameOrderWrittenInOtherWaysIsTheSame() {
    JsonNode order = with("/items/0", "sku", "\"\u3000TS-001 \"");
    ((ObjectNode) order.at("/items/0")).put("unitPrice", "39000.00").put("quantity", 2);
    ((ObjectNode) order.at("/customer")).put("locale", "ko_KR");
    JsonNode tidy = with("/customer", "locale", "\"ko-KR\"");

    assertThat(OrderReader.read(order)).isEqualTo(OrderReader.read(tidy));
  }

  @Test
  void givesPricesTheDecimalsOfTheirCurrency() {
    JsonNode order = with("", "currency", "\"USD\"");
    ((ObjectNode) order.at("/items/0")).put("unitPrice", 12.5);

    assertThat(OrderReader.read(order).items().get(0).unitPrice())
        .isEqualTo(new BigDecimal("12.50"));
  }

  @Test
  void tellsAllFaultsAtOnceWithTheirPlaces() {
    List<Violation> faults =
        faults(
            json(
                """
                {"customer":{"id":"c 1","email":"minji@","name":"\\u0000","locale":"?"},"currency":"KRX",
                 "items":[{"sku":"TS-001","name":"Shirt","quantity":0,"unitPrice":-1,"colour":"red"},7],
                 "cuponCode":"WELCOME10"}\
                """));

    assertThat(faults)
        .extracting(Violation::pointer)
        .containsExactlyInAnyOrder(
            "/customer/id",
            "/customer/email",
            "/customer/name",
            "/customer/locale",
            "/currency",
            "/items/0/quantity",
            "/items/0/unitPrice",
            "/items/0/colour",
            "/items/1",
            "/cuponCode");
  }

  @Test
  void namesEachFaultOfAnAmount() {
    assertThat(
            faults(
                with(
                    json(ORDER),
                    "charges",
                    """
                    [{"label":"","amount":"1"},{"label":"a","amount":"0"},{"amount":"0.5"},{"label":"b"},7]
                    """)))
        .extracting(Violation::pointer)
        .containsExactly(
            "/charges/0/label",
            "/charges/1/amount",
            "/charges/2/label",
            "/charges/2/amount",
            "/charges/3/amount",
            "/charges/4");
  }

  @Test
  void namesEveryFieldThatIsMissing() {
    assertThat(faults(json("{}")))
        .extracting(Violation::toString)
        .containsExactlyInAnyOrder(
            "/customer is required", "/currency is required", "/items is required");
  }

  @Test
  void refusesWhatIsNoObject() {
    assertThat(faults(json("[]"))).containsExactly(new Violation("", "must be an object"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "/customer, id, `\"\"`",
        "/customer, id, `\"a b\"`",
        "/customer, id, `\"김\"`",
        "/items/0, sku, `\"a\\u0007b\"`",
        "/items/0, sku, `\"a\\u202Eb\"`",
        "/items/0, sku, 7",
        "`` , couponCode, `\"TEN OFF\"`",
        "`` , orderNumber, `\"a\\nb\"`",
        "`` , orderNumber, `\"12345678901234567890123456789012345678901\"`",
        "`` , discounts, `[{\"label\":\"Sale\",\"amount\":\"78001\"}]`",
        "`` , charges, {}",
        "/customer, id, 7",
        "/customer, name, `\"a\\u0000b\"`",
        "/customer, name, `\"a\\nb\"`",
        "/customer, name, `\"\\ud800\"`",
        "/customer, email, `\"a@b.com, c@d.com\"`",
        "/customer, email, `\"Minji <a@b.com>\"`",
        "/customer, email, `\"a@b.com\\r\\nBcc: x@y.z\"`",
        "/items/0, quantity, 10000",
        "/items/0, quantity, 1.5",
        "/items/0, quantity, `\"2\"`",
        "/items/0, quantity, 1e400",
        "/items/0, unitPrice, `\"12.50\"`",
        "/items/0, unitPrice, `\"39000.50\"`",
        "/items/0, unitPrice, `\"1e3\"`",
        "/items/0, unitPrice, `\" 1\"`",
        "/items/0, unitPrice, 1e999999999",
        "/items/0, unitPrice, `\"1000000000000\"`",
        "/items/0, unitPrice, true",
        "`` , currency, `\"krw\"`",
        "`` , currency, `\"XXX\"`",
        "/customer, phone, 7",
        "/customer, phone, `\"call me\"`",
        "/customer, phone, `\"1\\n2\"`",
        "/customer, phone, `\"12345678901234567890123456789012345678901\"`",
        "`` , items, []",
      })
  void refuses(String at, String field, String value) {
    String pointer = at == null ? "" : at;

    assertThat(faults(with(pointer, field, value)))
        .extracting(Violation::pointer)
        .containsExactly(pointer + "/" + field);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "/items/0, quantity, 9999",
        "/items/0, quantity, 2.0",
        "/items/0, unitPrice, 0",
        "/items/0, unitPrice, 39000",
        "/items/0, unitPrice, 39e3",
        "/items/0, unitPrice, `\"999999999999\"`",
        "/customer, name, `\"😀\"`",
        "/items/0, unitPrice, `\"39000.00\"`",
        "/items/0, sku, `\"티셔츠/블랙 (L)\"`",
        "/items/0, sku, `\"می\u200cخواهم\"`",
        "/customer, email, `\"abc..def.@docomo.ne.jp\"`",
        "`` , couponCode, `\"생일축하%\"`",
        "`` , discounts, `[{\"label\":\"Sale\",\"amount\":\"78000\"}]`",
        "`` , orderNumber, `\"주문 #1001\"`",
        "/customer, email, `\"\\\"a b\\\"@[127.0.0.1]\"`",
        "/customer, locale, `\"zh-Hant-TW\"`",
        "/customer, phone, `\"+49 (0)30/123.456-7 89012345678901234567\"`",
        "`` , couponCode, null",
      })
  void allows(String at, String field, String value) {
    assertThat(OrderReader.read(with(at == null ? "" : at, field, value))).isNotNull();
  }

  @Test
  void allows200ItemsAndNoMore() {
    ObjectNode order = (ObjectNode) json(ORDER);
    JsonNode item = order.at("/items/0");
    while (order.get("items").size() < 200) {
      order.withArray("items").add(item);
    }
    assertThat(OrderReader.read(order).items()).hasSize(200);

    order.withArray("items").add(item);
    assertThat(faults(order))
        .containsExactly(new Violation("/items", "must be a list of 1 to 200"));
  }

  @Test
  void anOrderFromAFileSaysWhichOneItIs() {
    assertThat(OrderReader.readReferenced(with("", "orderRef", "\"2026-1\"")).reference())
        .isEqualTo("2026-1");
    assertThat(faults(with("", "orderRef", "\"2026-1\"")))
        .extracting(Violation::pointer)
        .containsExactly("/orderRef");
  }

  private static List<Violation> faults(JsonNode order) {
    return catchThrowableOfType(ValidationException.class, () -> OrderReader.read(order)).faults();
  }

  private static JsonNode with(JsonNode order, String field, String value) {
    return ((ObjectNode) order).set(field, json(value));
  }

  private static JsonNode with(String at, String field, String value) {
    JsonNode order = json(ORDER);
    ((ObjectNode) order.at(at)).set(field, json(value));
    return order;
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
