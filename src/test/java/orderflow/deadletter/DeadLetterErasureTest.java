package orderflow.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import orderflow.RowsRead;
import orderflow.audit.OperatorActions;
import orderflow.consumer.EventRecord;
import orderflow.consumer.FailedRecord;
import orderflow.consumer.TestConsumers;
import orderflow.operation.SteppedOperations;
import orderflow.outbox.Outbox;
import orderflow.privacy.ErasedCustomer;
import orderflow.privacy.ErasedCustomers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

class DeadLetterErasureTest {

  private static final DataSource DATABASE = FreshDatabase.named("dead_letter_erasure");
  private static final Instant NOW = Instant.parse("2026-11-22T05:00:10Z");
  private static final ErasedCustomer CUSTOMER = new ErasedCustomer("c-1", NOW);
  private static final String EVENT =
      """
      {"orderId":"0192f2b0-0000-7000-8000-000000000001","customer":{"id":"c-1","email":"minji@example.com",
       "name":"김민지","phone":"010-1234"},"total":"1.50","completedAt":"2026-11-22T05:00:00Z"}\
      """;

  private final JdbcClient jdbc = JdbcClient.create(DATABASE);
  private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  private final ErasedCustomers customers = new ErasedCustomers(jdbc, clock);
  private int offset;

  @BeforeEach
  void begin() {
    jdbc.sql("truncate dead_letter, outbox, erased_customer, erased_address").update();
    customers.keepAddresses("c-1", List.of("minji@example.com"));
  }

  @Test
  void deadLettersLoseWhatIsPersonalWhateverTheyAre() {
    letter(null, "c-1", EVENT, "bad");
    letter("c-1", null, "broken 김민지", "bad");
    letter("c-1", null, "{\"broken\":\"김민지", "bad");
    letter(null, null, "to <minji@example.com>, cut o", "550 minji@example.com is unknown");
    letter(null, null, "broken", "550 minji@example.com is unknown");
    letter("c-2", null, "broken 이영희", "bad");

    eraseAll(CUSTOMER);
    eraseAll(CUSTOMER);

    assertThat(texts("select coalesce(convert_from(payload, 'UTF8'), '') from dead_letter"))
        .hasSize(6)
        .noneMatch(payload -> payload.matches("(?s).*(김민지|minji|010-1234).*"))
        .anyMatch(payload -> payload.contains("\"total\":\"1.50\""))
        .contains("broken 이영희");
    assertThat(texts("select error from dead_letter"))
        .contains("550 ***@*** is unknown")
        .noneMatch(error -> error.contains("minji"));
    assertThat(texts("select cause from dead_letter")).contains("550 … is unknown");
    assertThat(texts("select headers::text from dead_letter where error <> 'bad'"))
        .containsOnlyNulls();
  }

  @Test
  void thoseThatTheBrokerRefusedStayApartThoughNothingTellsThemFromEachOther() {
    offset = -2; // so that both stand at -1, as records that have no place on their topic do
    letter("c-1", "c-1", EVENT, "too large");
    offset = -2;
    letter("c-1", "c-1", EVENT.replace("김민지", ""), "too large");

    eraseAll(CUSTOMER);

    assertThat(texts("select convert_from(payload, 'UTF8') from dead_letter"))
        .hasSize(2)
        .noneMatch(payload -> payload.contains("minji"));
  }

  @Test
  void aLaterOrdersDeadLetterIsKept() {
    letter("c-1", "c-1", EVENT.replace("05:00:00Z", "05:00:11Z"), "bad");

    eraseAll(CUSTOMER);

    assertThat(texts("select convert_from(payload, 'UTF8') from dead_letter").get(0))
        .contains("김민지");
  }

  @Test
  void aStepReadsNoMoreHoweverManyDeadLettersThereAre() {
    jdbc.sql(
            """
            insert into dead_letter (consumer, topic, partition, "offset", payload, customer_id, error, failed_at)
            select 'point-consumer', 'order.completed', 0, n, 'no JSON', case when n % 2 = 0 then 'c-' || n % 10 end, 'bad',
              now()
            from generate_series(1, 20000) as n
            """)
        .update();

    for (String position : new String[] {"of 0", "none 0"}) {
      assertThat(
              RowsRead.of(
                  "dead_letter",
                  DATABASE,
                  sql -> {
                    JdbcClient client = JdbcClient.create(sql);
                    new DeadLetterErasure(client, new ErasedCustomers(client, clock))
                        .eraseSome(CUSTOMER, position);
                  }))
          .as(position)
          .isLessThan(2_000);
    }
  }

  @Test
  void whatFailsAfterTheErasureIsFiledWithoutWhatIsPersonal() {
    erased(NOW);
    DeadLetters letters =
        new DeadLetters(
            new JdbcTemplate(DATABASE),
            mock(Outbox.class),
            customers,
            new SimpleMeterRegistry(),
            clock);

    letters.record(
        "email-consumer",
        List.of(
            failed("c-1", EVENT, "550 minji@example.com is unknown"),
            failed("c-1", "broken 김민지", "is no JSON"),
            failed("c-2", "broken 이영희", "is no JSON")));

    assertThat(texts("select convert_from(payload, 'UTF8') from dead_letter"))
        .noneMatch(payload -> payload.contains("minji") || payload.contains("김민지"))
        .contains("broken 이영희")
        .anyMatch(payload -> payload.contains("\"total\":\"1.50\""));
    assertThat(texts("select error from dead_letter")).contains("550 ***@*** is unknown");
    assertThat(
            texts(
                "select convert_from(payload, 'UTF8') || coalesce(headers::text, '') from outbox"))
        .hasSize(3)
        .noneMatch(record -> record.contains("minji") || record.contains("김민지"))
        .filteredOn(record -> record.contains("eA=="))
        .as("with the record's own header")
        .hasSize(1);
  }

  @Test
  void whatWasOrderedAfterTheErasureIsFiledAsEver() {
    erased(NOW.minusSeconds(60));
    DeadLetters letters =
        new DeadLetters(
            new JdbcTemplate(DATABASE),
            mock(Outbox.class),
            customers,
            new SimpleMeterRegistry(),
            clock);

    letters.record("email-consumer", List.of(failed("c-1", EVENT, "bad")));

    assertThat(texts("select convert_from(payload, 'UTF8') from dead_letter").get(0))
        .contains("김민지");
  }

  @Test
  void nothingThatMayBelongToTheCustomerIsShownWhileTheErasureIsUnderWay() {
    letter("c-1", "c-1", EVENT, "bad");
    letter(null, null, "broken", "bad");
    letter("c-2", "c-2", "{\"customer\":{\"id\":\"c-2\"}}", "bad");
    DeadLetterDesk desk =
        new DeadLetterDesk(
            jdbc,
            TestConsumers.names(jdbc),
            new GroupReplay(
                jdbc, SteppedOperations.operations(DATABASE, clock), SteppedOperations.SETTINGS),
            customers,
            new OperatorActions(jdbc, clock),
            clock);
    erased(NOW);
    jdbc.sql("update erased_customer set due_at = now()").update();

    assertThat(desk.list(null, null, 10, null).entries())
        .extracting(letter -> letter.payload() == null)
        .containsExactly(false, true, true);
    assertThat(desk.list("point-consumer", "WAITING", 10, null).entries())
        .extracting(letter -> letter.payload() == null)
        .containsExactly(false, true, true);

    jdbc.sql("update erased_customer set sweep = 1").update();
    assertThat(desk.list(null, null, 10, null).entries())
        .extracting(letter -> letter.payload() == null)
        .containsOnly(false);
  }

  private void erased(Instant at) {
    jdbc.sql("insert into erased_customer (customer_id, at) values ('c-1', ?)")
        .param(at.atOffset(ZoneOffset.UTC))
        .update();
  }

  private void eraseAll(ErasedCustomer customer) {
    DeadLetterErasure erasure = new DeadLetterErasure(jdbc, customers);
    String position = null;
    do {
      position = erasure.eraseSome(customer, position);
    } while (position != null);
  }

  private FailedRecord failed(String key, String payload, String error) {
    return new FailedRecord(
        new EventRecord(
            "order.completed",
            0,
            ++offset,
            bytes(key),
            payload.getBytes(StandardCharsets.UTF_8),
            Map.of("x", new byte[] {'x'})),
        error);
  }

  private void letter(
      @Nullable String key, @Nullable String customer, String payload, String error) {
    jdbc.sql(
            """
            insert into dead_letter
              (consumer, topic, partition, "offset", key, payload, headers, customer_id, error, failed_at)
            values ('point-consumer', 'order.completed', 0, ?, ?, ?, '{"x":"eA=="}', ?, ?, ?)
            """)
        .params(
            ++offset,
            bytes(key),
            bytes(payload),
            customer,
            error,
            NOW.minusSeconds(5).atOffset(ZoneOffset.UTC))
        .update();
  }

  private List<String> texts(String sql) {
    return jdbc.sql(sql).query(String.class).list();
  }

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }
}
