package orderflow.reversal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import orderflow.RowsRead;
import orderflow.order.OrderIds;
import orderflow.platform.jdbc.Updates;
import orderflow.privacy.ErasedCustomer;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

class ReversalErasureTest {

  private static final DataSource DATABASE = FreshDatabase.named("reversal_erasure");
  private static final Instant NOW = Instant.parse("2026-11-22T05:00:10Z");

  private final JdbcClient jdbc = JdbcClient.create(DATABASE);
  private final String customer = "c-" + UUID.randomUUID();
  private final ErasedCustomer erased = new ErasedCustomer(customer, NOW);

  @Test
  void notesAndWhatThePaymentSystemWroteAreErasedWithTheirFingerprints() {
    UUID noted = reversal(customer, NOW, "Minji moved to Busan");

    assertThat(new ReversalErasure(jdbc).eraseSome(erased, null)).isNull();

    assertThat(row(noted))
        .containsEntry("note", null)
        .containsEntry("refund_detail", null)
        .containsEntry("refund_reference", "pay-1")
        .containsEntry("fingerprint", new byte[0]);
    JdbcTemplate template = new JdbcTemplate(DATABASE);
    ReversalRows.Known known =
        new ReversalRows(template, new Updates(template)).find(order(noted), "key");
    assertThat(known.isOf(ReversalRequest.cancel(ReversalRequest.Reason.OTHER)))
        .as("its reference stands for it whatever comes with it")
        .isTrue();
  }

  @Test
  void aReversalWithoutANoteKeepsItsFingerprint() {
    UUID plain = reversal(customer, NOW, null);

    new ReversalErasure(jdbc).eraseSome(erased, null);

    assertThat(row(plain))
        .containsEntry("fingerprint", new byte[] {1})
        .containsEntry("refund_detail", null);
  }

  @Test
  void whatIsReversedAfterTheErasureAndWhatIsOthersStays() {
    UUID later = reversal(customer, NOW.plusMillis(1), "later");
    UUID other = reversal("c-" + UUID.randomUUID(), NOW, "another's");

    new ReversalErasure(jdbc).eraseSome(erased, null);

    assertThat(row(later)).containsEntry("note", "later");
    assertThat(row(other)).containsEntry("note", "another's");
  }

  @Test
  void aLargeCustomersReversalsAreErasedInSteps() {
    jdbc.sql(
            """
            insert into reversal (id, order_id, order_version, kind, reference, fingerprint, customer_id, currency, refund,
              refund_state, plan, note, actor, created_at)
            select lpad(to_hex(n), 32, '0')::uuid, gen_random_uuid(), 2, 'CANCEL', 'k', 'x', ?, 'KRW', 0, 'NONE', '{}',
              'Minji', 'support', now()
            from generate_series(1, 2500) as n
            """)
        .param(customer)
        .update();

    assertThat(
            RowsRead.of(
                "reversal",
                DATABASE,
                sql -> new ReversalErasure(JdbcClient.create(sql)).eraseSome(erased, null)))
        .as("rows that one step reads")
        .isLessThan(3_000);
    String position = null;
    int steps = 0;
    while ((position = new ReversalErasure(jdbc).eraseSome(erased, position)) != null) {
      steps++;
    }

    assertThat(steps).isEqualTo(2);
    assertThat(
            jdbc.sql("select count(*) from reversal where customer_id = ? and note is not null")
                .param(customer)
                .query(Long.class)
                .single())
        .isZero();
  }

  private UUID reversal(String customerId, Instant at, String note) {
    UUID id = OrderIds.at(at);
    jdbc.sql(
            """
            insert into reversal (id, order_id, order_version, kind, reference, fingerprint, customer_id, currency, refund,
              refund_state, refund_reference, refund_detail, plan, reason, note, actor, created_at)
            values (?, gen_random_uuid(), 2, 'CANCEL', 'key', '\\x01', ?, 'KRW', 100, 'SETTLED', 'pay-1', 'card of Minji',
              '{}', 'OTHER', ?, 'support', ?)
            """)
        .params(id, customerId, note, at.atOffset(ZoneOffset.UTC))
        .update();
    return id;
  }

  private Map<String, Object> row(UUID id) {
    return jdbc.sql("select * from reversal where id = ?").param(id).query().singleRow();
  }

  private UUID order(UUID id) {
    return (UUID) row(id).get("order_id");
  }
}
