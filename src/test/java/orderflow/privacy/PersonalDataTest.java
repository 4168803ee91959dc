package orderflow.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import orderflow.RowsRead;
import orderflow.TestClock;
import orderflow.audit.OperatorActions;
import orderflow.operation.Operation;
import orderflow.operation.OperationResult;
import orderflow.operation.Operations;
import orderflow.operation.SteppedOperations;
import orderflow.order.OrderIds;
import orderflow.outbox.EventType;
import orderflow.platform.security.Actor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

class PersonalDataTest {

  private static final DataSource DATABASE = FreshDatabase.named("privacy");
  private static final Actor OPERATOR = new Actor("support", "operator", null);
  private static final Instant NOW = Instant.parse("2026-11-22T05:00:10Z");
  private static final String EVENT =
      """
      {"orderId":"o","customer":{"id":"c-1","email":"minji@example.com","name":"김민지","locale":"ko",
       "phone":"010-1234"},"items":[{"sku":"S","name":"셔츠","quantity":1,"unitPrice":"1.50"}],"total":"1.50",
       "shippingAddress":"서울","completedAt":"2026-11-22T05:00:00Z"}\
      """;

  private final JdbcClient jdbc = JdbcClient.create(DATABASE);
  private final TestClock clock = new TestClock();
  private final ErasedCustomers customers = new ErasedCustomers(jdbc, clock);
  private final Operations operations = SteppedOperations.operations(DATABASE, clock);
  private final PersonalData personalData =
      new PersonalData(
          customers,
          List.of(new OrderErasure(jdbc, customers), new OutboxErasure(jdbc, customers)),
          new OperatorActions(jdbc, clock),
          operations,
          new DataSourceTransactionManager(DATABASE));

  @BeforeEach
  void begin() {
    clock.standsAt(NOW);
    jdbc.sql("truncate orders, outbox, erased_customer, erased_address").update();
    order("c-1", "minji@example.com", "김민지", NOW.minusSeconds(10));
    order("c-2", "lee@example.com", "이영희", NOW.minusSeconds(10));
  }

  @Test
  void ordersLoseNameAndAddressAndKeepTheMoney() {
    personalData.erase("c-1", OPERATOR);

    assertThat(
            texts(
                "select customer_id || customer_email || customer_name || total ||"
                    + " coalesce(customer_phone, '') from orders"))
        .containsExactlyInAnyOrder("c-1100", "c-2lee@example.com이영희100010-1234");
    assertThat(texts("select octet_length(fingerprint) from orders where customer_id = 'c-1'"))
        .as("what name and address could be guessed by")
        .containsExactly("0");
  }

  @Test
  void anOrderKeepsNoTextBeyondIdsAndTheMoney() {
    personalData.erase("c-1", OPERATOR);

    List<String> columns =
        texts(
            """
            select column_name from information_schema.columns
            where table_schema = 'public' and table_name = 'orders' and data_type = 'text'
              and column_name not in ('reference', 'customer_id', 'locale', 'currency', 'coupon_code', 'status')
            """);
    assertThat(columns).contains("customer_email", "customer_name", "customer_phone");
    for (String column : columns) {
      assertThat(
              texts(
                  "select coalesce(%s, '') from orders where customer_id = 'c-1'"
                      .formatted(column)))
          .as(column)
          .containsExactly("");
    }
  }

  @Test
  void whatIsOrderedAfterTheErasureIsStoredAsEver() {
    order("c-1", "minji@example.com", "김민지", NOW.plusMillis(1));
    outbox("c-1", EVENT.replace("05:00:00Z", "05:00:11Z"));

    personalData.erase("c-1", OPERATOR);

    assertThat(texts("select customer_name from orders where customer_id = 'c-1' order by id"))
        .containsExactly("", "김민지");
    assertThat(texts("select convert_from(payload, 'UTF8') from outbox").get(0)).contains("김민지");
  }

  @Test
  void eventsThatWaitLoseAllThatIsPersonalWhateverTheirKeyIs() {
    outbox("c-1", EVENT);
    outbox(null, EVENT);
    outbox("c-1", "{\"orderId\":\"o\",\"customerId\":\"c-1\",\"points\":7}");
    outbox("c-2", EVENT.replace("c-1", "c-2"));
    outbox(null, "to <minji@example.com>, cut o");

    personalData.erase("c-1", OPERATOR);

    List<String> left = texts("select convert_from(payload, 'UTF8') from outbox order by id");
    assertThat(left.get(0))
        .isEqualTo(
            "{\"orderId\":\"o\",\"customer\":{\"id\":\"c-1\",\"locale\":\"ko\",\"email\":\"\",\"name\":\"\"},"
                + "\"items\":[{\"sku\":\"S\",\"name\":\"셔츠\",\"quantity\":1,\"unitPrice\":\"1.50\"}],"
                + "\"total\":\"1.50\",\"completedAt\":\"2026-11-22T05:00:00Z\"}");
    assertThat(left.get(1)).isEqualTo(left.get(0));
    assertThat(left.get(2)).contains("\"points\":7");
    assertThat(left.get(3)).as("another customer's").contains("김민지");
    assertThat(left.get(4)).doesNotContain("minji");
  }

  @ParameterizedTest
  @EnumSource(
      value = EventType.class,
      names = {"ORDER_CANCELLED", "ORDER_RETURNED", "POINT_CHANGED", "COUPON_RELEASED"})
  void eventsOfReversalsHoldNothingPersonalAndStayWhole(EventType type) {
    String event =
        "{\"orderId\":\"o\",\"customerId\":\"c-1\",\"reversalId\":\"r\",\"refund\":\"1.50\"}";
    outbox("c-1", event);
    jdbc.sql("update outbox set topic = ?, headers = '{\"ce_id\":\"eA==\"}'")
        .param(type.topic())
        .update();

    personalData.erase("c-1", OPERATOR);

    assertThat(texts("select convert_from(payload, 'UTF8') || headers::text from outbox"))
        .containsExactly(event + "{\"ce_id\": \"eA==\"}");
  }

  @Test
  void aDeadLetterThatWaitsLosesItsHeadersToo() {
    outbox("c-1", EVENT);
    jdbc.sql(
            """
            update outbox set headers = '{"consumer":"eA==","error":"NTUwIG1pbmppQGV4YW1wbGUuY29t","name":"a2lt"}'
            """)
        .update();

    personalData.erase("c-1", OPERATOR);

    assertThat(texts("select headers::text from outbox").get(0))
        .contains("\"consumer\": \"eA==\"", "cGVyc29uYWwgZGF0YSBlcmFzZWQ=")
        .doesNotContain("NTUw", "a2lt");
  }

  @Test
  void anEventThatWaitsKeepsWhatItIsKnownBy() {
    String event =
        "{\"orderId\":\"o\",\"customerId\":\"c-1\",\"reversalId\":\"r\",\"refund\":\"5\",\"coupon\":{}}";
    outbox("c-1", event);
    jdbc.sql(
            """
            update outbox set headers = '{"ce_id":"eA==","ce_type":"eQ==","ce_orderversion":"Mg==","name":"a2lt"}'
            """)
        .update();

    personalData.erase("c-1", OPERATOR);

    assertThat(texts("select convert_from(payload, 'UTF8') from outbox")).containsExactly(event);
    assertThat(texts("select headers::text from outbox").get(0))
        .contains("eA==", "eQ==", "Mg==")
        .doesNotContain("a2lt");
  }

  @Test
  void aLargeCustomersErasureIsRememberedAtOnceAndGoesOnInSteps() {
    jdbc.sql(
            """
            insert into orders
            select lpad(to_hex(n), 32, '0')::uuid, null, null, 'c-large', 'a' || n || '@example.com', 'Kim', 'ko', 'KRW',
              100, 0, 100, null, now()
            from generate_series(1, 20000) as n
            """)
        .update();

    customers.remember("c-large");
    assertThat(customers.among(List.of("c-large", "c-2"))).containsOnlyKeys("c-large");
    assertThat(personalData.eraseSome()).as("is not due yet").isFalse();
    clock.standsAt(NOW.plus(PersonalData.AT_ONCE));
    assertThat(
            RowsRead.of(
                "orders",
                DATABASE,
                sql ->
                    new OrderErasure(
                            JdbcClient.create(sql),
                            new ErasedCustomers(JdbcClient.create(sql), clock))
                        .eraseSome(new ErasedCustomer("c-large", NOW), null)))
        .as("rows that one step reads")
        .isLessThan(3_000);

    int steps = 0;
    while (personalData.eraseSome()) {
      steps++;
    }

    assertThat(steps).isBetween(20, 30);
    assertThat(named("c-large")).isZero();
    assertThat(texts("select count(*) from erased_address where customer_id = 'c-large'"))
        .as("needed by the second sweep")
        .containsExactly("20000");
  }

  @Test
  void whatWasUnderWayIsErasedByTheSecondSweep() {
    personalData.erase("c-1", OPERATOR);
    order("c-1", "minji@example.com", "김민지", NOW.minusMillis(1));

    assertThat(personalData.eraseSome()).isFalse();
    clock.standsAt(NOW.plus(ErasedCustomer.UNDER_WAY));
    while (personalData.eraseSome()) {
      assertThat(named("c-1")).isLessThan(2);
    }

    assertThat(named("c-1")).isZero();
    assertThat(texts("select count(*) from erased_address")).containsExactly("0");
    assertThat(customers.among(List.of("c-1"))).as("is remembered").isNotEmpty();
  }

  @Test
  void anErasureThatIsAskedForAgainCoversWhatWasOrderedMeanwhile() {
    personalData.erase("c-1", OPERATOR);
    order("c-1", "minji@example.com", "김민지", NOW.plusSeconds(60));
    clock.standsAt(NOW.plus(Duration.ofMinutes(2)));

    personalData.erase("c-1", OPERATOR);

    assertThat(named("c-1")).isZero();
  }

  @Test
  void anErasureShowsHowFarItHasComeAndCanBePaused() {
    long operation = personalData.erase("c-1", OPERATOR);
    Operation first = operations.find(operation).orElseThrow();
    assertThat(first.state()).isEqualTo("RUNNING");
    assertThat(first.done()).isEqualTo(2);
    assertThat(first.total()).isEqualTo(4);

    operations.pause(operation, OPERATOR);
    clock.standsAt(NOW.plus(ErasedCustomer.UNDER_WAY));
    assertThat(personalData.eraseSome()).as("while it is paused").isFalse();
    operations.resume(operation, OPERATOR);
    while (personalData.eraseSome()) {
      assertThat(operations.find(operation).orElseThrow().done()).isGreaterThan(2);
    }

    assertThat(operations.find(operation).orElseThrow().state()).isEqualTo("DONE");
    assertThat(personalData.erase("c-1", OPERATOR)).isNotEqualTo(operation);
  }

  @Test
  void anErasureThatIsAskedForAgainWhileItRunsIsTheSameOperation() {
    long operation = personalData.erase("c-1", OPERATOR);
    operations.pause(operation, OPERATOR);

    assertThat(personalData.erase("c-1", OPERATOR)).isEqualTo(operation);
    assertThat(operations.find(operation).orElseThrow().state()).isEqualTo("RUNNING");
    assertThat(operations.cancel(operation, OPERATOR)).isEqualTo(OperationResult.NOT_CANCELLABLE);
  }

  @Test
  void anErasureIsOnRecord() {
    String customer = "c-" + UUID.randomUUID();

    personalData.erase(customer, OPERATOR);

    assertThat(
            texts("select action from operator_action where target_id = '%s'".formatted(customer)))
        .containsExactly("ERASE_PERSONAL_DATA");
  }

  private int named(String customer) {
    return jdbc.sql(
            "select count(*) from orders where customer_id = ? and customer_name || customer_email"
                + " <> ''")
        .param(customer)
        .query(Integer.class)
        .single();
  }

  private void order(String customer, String address, String name, Instant at) {
    jdbc.sql(
            """
            insert into orders values (?, gen_random_uuid(), sha256('x'), ?, ?, ?, 'ko', 'KRW', 100, 0, 100, null, ?, '010-1234')
            """)
        .params(OrderIds.at(at), customer, address, name, at.atOffset(ZoneOffset.UTC))
        .update();
  }

  private void outbox(@Nullable String key, String payload) {
    jdbc.sql("insert into outbox (topic, key, payload, created_at) values ('t', ?, ?, ?)")
        .params(bytes(key), bytes(payload), NOW.minusSeconds(5).atOffset(ZoneOffset.UTC))
        .update();
  }

  private List<String> texts(String sql) {
    return jdbc.sql(sql).query(String.class).list();
  }

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }
}
