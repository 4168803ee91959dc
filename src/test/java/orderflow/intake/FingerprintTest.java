package orderflow.intake;

import static orderflow.intake.NewOrders.order;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import orderflow.order.Components;
import orderflow.order.Customer;
import orderflow.order.Item;
import orderflow.order.NewOrder;
import orderflow.order.OrderStatus;
import orderflow.order.OrderSummary;
import org.junit.jupiter.api.Test;

class FingerprintTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Of {@link NewOrders#order}("c-1", "TEN", …), as the first version of all stored it. */
  private static final String STORED_BY_RULE_0 =
      "c725a4dc0f55e197546475dfd6ac72e53721c506c2c1300e82f0dbf97a78ea44";

  private static final OrderSummary PLACED =
      new OrderSummary(
          new UUID(0, 1),
          "1001",
          OrderStatus.COMPLETED,
          "c-1",
          "KRW",
          new BigDecimal("83000"),
          BigDecimal.ZERO,
          new BigDecimal("83000"),
          "TEN",
          List.of(),
          List.of(),
          Instant.EPOCH);

  @Test
  void isTheSameInEveryVersionForAnOrderThatEveryVersionKnows() {
    assertThat(Fingerprint.of(order("c-1", "TEN", "r")))
        .asHexString()
        .isEqualToIgnoringCase(STORED_BY_RULE_0);
  }

  @Test
  void isAnotherOneForWhateverDiffersBetweenTwoOrders() {
    NewOrder full = NewOrders.full("c-1", "TEN", "r");
    assertThat(Components.absentIn(full)).isEmpty();
    ObjectNode tree = JSON.valueToTree(full);
    tree.remove(List.of("reference", "traceParent")); // which are not what the order is
    List<String> fields = new ArrayList<>();
    fields("", tree, fields);

    assertThat(fields)
        .contains(
            "/customer/id",
            "/currency",
            "/items/1/unitPrice",
            "/couponCode",
            "/customer/phone",
            "/discounts/0/label",
            "/charges/0/amount",
            "/orderNumber");
    for (String field : fields) {
      assertThat(Fingerprint.of(changed(tree, field))).as(field).isNotEqualTo(Fingerprint.of(full));
    }
    assertThat(Fingerprint.of(full.asRequested("other", null))).isEqualTo(Fingerprint.of(full));
  }

  private static void fields(String pointer, JsonNode node, List<String> found) {
    if (node.isValueNode()) {
      found.add(pointer);
    }
    for (int i = 0; i < node.size() && node.isArray(); i++) {
      fields(pointer + "/" + i, node.get(i), found);
    }
    node.fieldNames().forEachRemaining(name -> fields(pointer + "/" + name, node.get(name), found));
  }

  private static NewOrder changed(ObjectNode order, String field) {
    ObjectNode copy = order.deepCopy();
    int slash = field.lastIndexOf('/');
    String before = order.at(field).asText();
    ((ObjectNode) copy.at(field.substring(0, slash)))
        .put(field.substring(slash + 1), before.equals("KRW") ? "JPY" : before + "1");
    try {
      return JSON.treeToValue(copy, NewOrder.class);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anOrderWithAPhoneIsFingerprintedByTheRuleThatKnowsPhones() {
    NewOrder with = NewOrders.withPhone("c-1", "TEN", "r");
    NewOrder without = order("c-1", "TEN", "r");
    byte[] stored = Fingerprint.of(with);

    assertThat(stored).hasSize(33).startsWith(1);
    assertThat(Fingerprint.isOf(stored, PLACED, with)).isTrue();
    assertThat(Fingerprint.isOf(stored, PLACED, without)).isFalse();
    assertThat(Fingerprint.isOf(Fingerprint.of(without), PLACED, with)).isFalse();
  }

  @Test
  void whatIsAbsentIsFingerprintedAsTheFirstRuleDidWhatWasEmpty() {
    NewOrder order = order("c-1", null, "r");
    NewOrder bare =
        new NewOrder(
            new Customer("c-1", null, null, "ko", null),
            order.currency(),
            List.of(new Item(null, "Shirt", 2, new BigDecimal("39000"))),
            null,
            "r");

    assertThat(Fingerprint.of(bare))
        .hasSize(32)
        .isEqualTo(
            Fingerprint.of(
                new NewOrder(
                    new Customer("c-1", "", "", "ko", null),
                    order.currency(),
                    List.of(new Item("", "Shirt", 2, new BigDecimal("39000"))),
                    "",
                    "r")));
  }

  @Test
  void theReferenceThatAnOrderIsKnownByIsNoContentOfIt() {
    NewOrder order = order("c-1", null, "r");
    NewOrder ofAFile =
        new NewOrder(
            order.customer(),
            order.currency(),
            order.items(),
            null,
            List.of(),
            List.of(),
            "r",
            "r",
            null);

    assertThat(Fingerprint.of(ofAFile)).isEqualTo(Fingerprint.of(order));
  }

  @Test
  void comparesWhatWasStoredWithoutAVersionByTheFirstRule() {
    byte[] stored = HexFormat.of().parseHex(STORED_BY_RULE_0);

    assertThat(Fingerprint.isOf(stored, PLACED, order("c-1", "TEN", "r"))).isTrue();
    assertThat(Fingerprint.isOf(stored, PLACED, order("c-1", "OTHER", "r"))).isFalse();
    assertThat(Fingerprint.isOf(stored, PLACED, order("c-2", "TEN", "r"))).isFalse();
  }

  @Test
  void comparesCustomerSumAndCouponWhereANewerVersionHasStoredIt() {
    byte[] newer = new byte[33];
    newer[0] = 9;

    assertThat(Fingerprint.isOf(newer, PLACED, order("c-1", "TEN", "r"))).isTrue();
    assertThat(Fingerprint.isOf(newer, PLACED, order("c-2", "TEN", "r"))).isFalse();
    assertThat(Fingerprint.isOf(newer, PLACED, order("c-1", null, "r"))).isFalse();
    NewOrder won = order("c-1", "TEN", "r");
    assertThat(
            Fingerprint.isOf(
                newer,
                PLACED,
                new NewOrder(won.customer(), Currency.getInstance("JPY"), won.items(), "TEN", "r")))
        .isFalse();
  }
}
