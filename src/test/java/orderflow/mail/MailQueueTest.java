package orderflow.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import orderflow.RowsRead;
import orderflow.consumer.EventRecord;
import orderflow.consumer.InvalidEvent;
import orderflow.consumer.ParsedRecord;
import orderflow.outbox.Priority;
import orderflow.platform.security.Actor;
import orderflow.privacy.ErasedCustomer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MailQueueTest {

  private static final Actor OPERATOR = new Actor("support", "operator", null);
  private static final Instant COMPLETED = Events.COMPLETED;

  private final ScriptedSmtp smtp = new ScriptedSmtp();
  private final MailInstance instance = new MailInstance(smtp.port(), MailInstance.settings(1));

  @BeforeEach
  void start() {
    MailInstance.emptyTables();
    instance.start();
  }

  @AfterEach
  void stop() {
    instance.close();
    smtp.close();
  }

  @Test
  void anOrderIsQueuedOnceHoweverOftenItsEventComes() {
    var mail = instance.reading(UUID.randomUUID(), "a@example.com", 1);

    assertThat(instance.queue(List.of(mail, mail), false)).isEqualTo(1);
    assertThat(instance.queue(List.of(mail), false)).isZero();
  }

  @Test
  void aSentMailIsSentOnceMoreWhenAnOperatorAsksForIt() {
    UUID order = instance.queue("a@example.com").get(0);
    sent(1);

    assertThat(instance.queue().resend(order, OPERATOR)).isEqualTo(ResendResult.QUEUED);
    sent(2);
    assertThat(instance.mail(order)).containsEntry("attempts", 1);
  }

  @Test
  void aMailWhoseEventIsGoneIsMadeFromItsOrder() {
    UUID order = placedOrder("a@example.com");

    assertThat(instance.queue().resend(order, OPERATOR)).isEqualTo(ResendResult.QUEUED);
    sent(1);
    assertThat(smtp.recipients()).containsExactly("a@example.com");
  }

  @Test
  void thereIsNothingToResendForAnUnknownOrderOrAnErasedCustomer() {
    assertThat(instance.queue().resend(UUID.randomUUID(), OPERATOR))
        .isEqualTo(ResendResult.NO_ADDRESS);
    assertThat(instance.queue().resend(placedOrder(""), OPERATOR))
        .isEqualTo(ResendResult.NO_ADDRESS);
  }

  @Test
  void anErasedCustomersMailsAreEmptiedAndNotSentAnyMore() {
    smtp.goAway();
    UUID order = instance.queue("a@example.com").get(0);

    assertThat(instance.erasure().eraseSome(new ErasedCustomer("c-1001", Events.NOW), null))
        .isEqualTo(order.toString());

    assertThat(instance.mail(order))
        .containsEntry("state", "FAILED")
        .containsEntry("event", "")
        .containsEntry("error", "personal data erased");
    assertThat(instance.queue().resend(order, OPERATOR)).isEqualTo(ResendResult.NO_ADDRESS);
    assertThat(instance.sql.sql("select count(*) from dead_letter").query(Long.class).single())
        .isZero();
  }

  @Test
  void whatWasOrderedBeforeTheErasureIsNeitherStoredNorMailedAfterIt() {
    smtp.goAway();
    erased(COMPLETED);
    var before = instance.reading(UUID.randomUUID(), "a@example.com", 1);

    assertThat(instance.queue(List.of(before), false)).isZero();
    assertThat(instance.queue(List.of(before), true)).isZero();

    erased(COMPLETED.minusMillis(1));
    assertThat(instance.queue(List.of(before), false)).as("ordered after it").isEqualTo(1);
  }

  @Test
  void whatDoesNotSayWhenItWasOrderedIsNotMailedToAnErasedCustomer() {
    erased(COMPLETED);
    EventRecord record =
        new EventRecord(
            "order.completed",
            0,
            0,
            null,
            Events.event(UUID.randomUUID(), event -> event.remove("completedAt")),
            Map.of());
    var mail = new ParsedRecord<>(record, instance.queue().read(record));

    assertThat(instance.queue(List.of(mail), false)).isZero();
    instance.sql.sql("delete from erased_customer").update();
    assertThat(instance.queue(List.of(mail), false)).isEqualTo(1);
  }

  @Test
  void theMailOfALaterOrderIsKept() {
    smtp.goAway();
    UUID order = instance.queue("a@example.com").get(0);

    instance.erasure().eraseSome(new ErasedCustomer("c-1001", COMPLETED.minusMillis(1)), null);

    assertThat(instance.mail(order)).containsEntry("state", "QUEUED");
  }

  @Test
  void anOrderOfAnErasedCustomerIsNotMailedAgainThoughItIsNotBlankedYet() {
    UUID order = placedOrder("a@example.com");
    instance
        .sql
        .sql("insert into erased_customer (customer_id, at) values ('c-1', now() + interval '1 s')")
        .update();

    assertThat(instance.queue().resend(order, OPERATOR)).isEqualTo(ResendResult.NO_ADDRESS);
  }

  private void erased(Instant at) {
    instance
        .sql
        .sql(
            """
            insert into erased_customer (customer_id, at) values ('c-1001', ?)
            on conflict (customer_id) do update set at = excluded.at
            """)
        .param(at.atOffset(ZoneOffset.UTC))
        .update();
  }

  @Test
  void oldSettledMailsAreEmptiedAndStillNotSentAgain() {
    var mail = instance.reading(UUID.randomUUID(), "a@example.com", 1);
    instance.queue(List.of(mail), false);
    sent(1);
    Mails mails = instance.mails();

    assertThat(mails.emptySettled(Events.NOW.minusSeconds(1), 10)).isZero();
    assertThat(mails.emptySettled(Events.NOW.plusSeconds(1), 10)).isEqualTo(1);
    assertThat(mails.emptySettled(Events.NOW.plusSeconds(1), 10)).isZero();
    assertThat(instance.mail(mail.value().orderId()))
        .containsEntry("event", "")
        .containsEntry("state", "SENT");
    assertThat(instance.queue(List.of(mail), true)).isZero();
  }

  @Test
  void readsNoMoreThanItEmptiesHoweverManyMailsThereAre() {
    instance
        .sql
        .sql(
            """
            insert into mail (order_id, kind, customer_id, event, state, queued_at, next_attempt_at, source_topic,
                source_partition, source_offset)
            select lpad(to_hex(n), 32, '0')::uuid, 'CONFIRMATION', 'c-1', '{}', 'SENT', now(), :at, '', 0, 0
            from generate_series(1, 2000) as n
            """)
        .param("at", Events.NOW.atOffset(ZoneOffset.UTC))
        .update();

    assertThat(
            RowsRead.of(
                "mail",
                instance.database,
                sql -> new Mails(sql).emptySettled(Events.NOW.plusSeconds(1), 10)))
        .isLessThan(100);
  }

  @Test
  void passesOverMailsThatAreTakenWithoutReadingThem() {
    instance
        .sql
        .sql(
            """
            insert into mail (order_id, kind, customer_id, event, state, queued_at, next_attempt_at, source_topic,
                source_partition, source_offset, taken_by)
            select lpad(to_hex(n), 32, '0')::uuid, 'CONFIRMATION', 'c-1', '{}', 'QUEUED', now(),
              cast(:at as timestamptz) + n * interval '1 s', '', 0, 0, :term
            from generate_series(1, 2000) as n
            """)
        // not yet due for the sender that runs beside this
        .param("at", Events.NOW.atOffset(ZoneOffset.UTC))
        .param("term", instance.lease.instance().term().id())
        .update();
    insert("free", 1, Duration.ofSeconds(2001));
    Instant lastTaken = Events.NOW.plusSeconds(2000);
    Instant now = Events.NOW.plus(Duration.ofHours(1));
    long term = instance.lease.instance().term().id();

    assertThat(
            RowsRead.of(
                "mail",
                instance.database,
                sql ->
                    assertThat(
                            new Mails(sql)
                                .takeFrom(
                                    Map.of(
                                        MailLane.LIVE,
                                        lastTaken,
                                        MailLane.REVERSAL,
                                        lastTaken,
                                        MailLane.BULK,
                                        lastTaken),
                                    term,
                                    now,
                                    10))
                        .extracting(DueMail::kind)
                        .containsExactly("free")))
        .isLessThan(20);
  }

  @Test
  void mailsOfBulkRecordsAreDueAfterAllOthers() {
    // not yet due for the sender that runs beside this
    insert("bulk", 1, Duration.ofMinutes(30));
    instance.sql.sql("update mail set lane = 1").update();
    insert("live", 1, Duration.ofMinutes(45));
    Instant later = Events.NOW.plus(Duration.ofHours(1));

    Mails mails = instance.mails();
    long term = instance.lease.instance().term().id();

    assertThat(mails.takeLeft(List.of(), term, later, 1))
        .extracting(DueMail::kind)
        .containsExactly("live");
    assertThat(mails.takeLeft(List.of(), term, later, 2))
        .extracting(DueMail::kind)
        .as("what was taken and is not in memory, too")
        .containsExactly("live", "bulk");
  }

  @Test
  void aMailIsOfTheLaneOfTheRecordThatAsksForIt() {
    UUID order = UUID.randomUUID();
    EventRecord bulk =
        new EventRecord(
            "order.completed",
            0,
            0,
            null,
            Events.event(order, event -> {}),
            Map.of(Priority.HEADER, "bulk".getBytes(StandardCharsets.UTF_8)));

    instance.queue(List.of(new ParsedRecord<>(bulk, instance.queue().read(bulk))), false);

    assertThat(instance.mail(order)).containsEntry("lane", 1);
    assertThat(instance.queue().resend(order, OPERATOR)).isEqualTo(ResendResult.QUEUED);
    assertThat(instance.mail(order)).containsEntry("lane", 0);
  }

  @Test
  void aClockThatIsPutBackHoldsNoMailUp() {
    Duration longestPause = Duration.ofHours(1);
    instance.sender().stop(); // it would try what has become due
    insert("never tried", 0, longestPause);
    insert("paused too long", 1, longestPause.plusSeconds(1));
    insert("paused", 1, longestPause);

    assertThat(instance.mails().hasten(Events.NOW, longestPause)).isEqualTo(2);
    assertThat(instance.mails().hasten(Events.NOW, longestPause)).isZero();

    assertThat(
            instance
                .sql
                .sql("select kind from mail where next_attempt_at > ?")
                .param(Events.NOW.atOffset(ZoneOffset.UTC))
                .query(String.class)
                .list())
        .containsExactly("paused");
  }

  @Test
  void whatIsNotUtf8IsRefused() {
    byte[] event =
        new String(Events.event(UUID.randomUUID(), e -> {}), StandardCharsets.UTF_8)
            .getBytes(StandardCharsets.UTF_16LE);
    var record = new EventRecord("order.completed", 0, 0, null, event, Map.of());

    assertThatThrownBy(() -> instance.queue().read(record)).isInstanceOf(InvalidEvent.class);
  }

  private void sent(int mails) {
    instance.sender().wake();
    await().until(() -> smtp.deliveries.size() == mails && instance.count("SENT") == 1);
  }

  private void insert(String kind, int attempts, Duration dueIn) {
    instance
        .sql
        .sql(
            """
            insert into mail (order_id, kind, customer_id, event, state, attempts, queued_at, next_attempt_at,
                source_topic, source_partition, source_offset)
            values (gen_random_uuid(), ?, 'c-1', '{}', 'QUEUED', ?, now(), ?, '', 0, 0)
            """)
        .params(kind, attempts, Events.NOW.plus(dueIn).atOffset(ZoneOffset.UTC))
        .update();
  }

  private UUID placedOrder(String email) {
    UUID id = UUID.randomUUID();
    instance
        .sql
        .sql(
            """
            insert into orders (id, customer_id, customer_email, customer_name, locale, currency, subtotal, discount,
                total, created_at)
            values (?, 'c-1', ?, 'Pat', 'en', 'USD', 12.50, 0.00, 12.50, now())
            """)
        .params(id, email)
        .update();
    instance
        .sql
        .sql("insert into order_item values (?, 0, 'TS-1', 'Shirt', 1, 12.50)")
        .param(id)
        .update();
    return id;
  }
}
