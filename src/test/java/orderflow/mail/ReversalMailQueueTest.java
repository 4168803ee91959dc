package orderflow.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import orderflow.RowsRead;
import orderflow.consumer.EventRecord;
import orderflow.consumer.ParsedRecord;
import orderflow.mail.ScriptedSmtp.Script;
import orderflow.outbox.EventType;
import orderflow.outbox.RecordHeaders;
import orderflow.platform.security.Actor;
import orderflow.privacy.ErasedCustomer;
import orderflow.privacy.ErasedCustomers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

class ReversalMailQueueTest {

  private static final Actor OPERATOR = new Actor("support", "operator", null);
  private static final String CANCELLED = "ORDER_CANCELLED";

  private final ScriptedSmtp smtp = new ScriptedSmtp();
  private final MailInstance instance = new MailInstance(smtp.port(), MailInstance.settings(2));

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
  void anOrdersMailsAreSentOnceEachUnderTheirOwnIds() {
    UUID order = instance.queue("minji@example.com").get(0);
    queueReturn(order, 2);
    queueReturn(order, 3);
    queueReturn(order, 3);
    queueCancellation(order);
    instance.sender().wake();

    await().until(() -> instance.count("SENT") == 4);
    assertThat(smtp.deliveries)
        .extracting(ScriptedSmtp.Delivery::messageId)
        .containsExactlyInAnyOrder(
            "<order-" + order + "@orderflow.example>",
            "<order-" + order + "-returned-2@orderflow.example>",
            "<order-" + order + "-returned-3@orderflow.example>",
            "<order-" + order + "-cancelled@orderflow.example>");
  }

  @Test
  void mailsAboutReversalsAreTakenAfterLiveConfirmationsAndBeforeThoseOfABulk() {
    instance.sender().stop();
    UUID bulk = instance.queue("bulk@example.com").get(0);
    instance.sql.sql("update mail set lane = 1").update();
    UUID returned = UUID.randomUUID();
    queueReturn(returned, 2);
    UUID live = instance.queue("live@example.com").get(0);

    assertThat(instance.take(2)).extracting(DueMail::orderId).containsExactly(live, returned);
    assertThat(instance.take(3)).extracting(DueMail::orderId).containsExactly(live, returned, bulk);
  }

  @Test
  void aMailIsTakenAnewWhileAnotherOfItsOrderIsInMemory() {
    instance.sender().stop();
    UUID order = instance.queue("a@example.com").get(0);
    queueCancellation(order);
    List<DueMail> taken = instance.take(2);

    assertThat(
            instance
                .mails()
                .takeLeft(
                    List.of(taken.get(0)),
                    instance.lease.instance().term().id(),
                    instance.clock.instant(),
                    2))
        .extracting(DueMail::kind)
        .containsExactly(CANCELLED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"250 taken", ScriptedSmtp.HANG_UP, "451 4.3.0 later", "554 5.6.1 no"})
  void ofAConfirmationThatIsInDataWhenItsOrderIsCancelledNothingIsTriedAgain(String answer)
      throws Exception {
    CountDownLatch isInData = new CountDownLatch(1);
    CountDownLatch isCancelled = new CountDownLatch(1);
    smtp.script =
        new Script() {
          @Override
          public String mail(String address, int deliveries) {
            if (deliveries > 1 || !address.equals("minji@example.com")) {
              return "250 taken";
            }
            isInData.countDown();
            try {
              isCancelled.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return answer;
          }
        };
    UUID order = instance.queue("minji@example.com").get(0);
    instance.sender().wake();
    isInData.await();

    assertThat(instance.stop().suppressConfirmation(order, "c-1001", Events.NOW))
        .isEqualTo(MailStop.Confirmation.GONE);
    queueCancellation(order);
    instance.sender().wake();
    await().until(() -> state(order, CANCELLED).equals("SENT"));
    isCancelled.countDown();
    instance.sender().stop();
    instance.sender().start();
    instance.clock.standsAt(Events.NOW.plus(Duration.ofHours(2)));
    instance.queue("other@example.com");
    instance.sender().wake();
    await().until(() -> smtp.recipients().contains("other@example.com"));

    assertThat(smtp.deliveries)
        .extracting(ScriptedSmtp.Delivery::messageId)
        .filteredOn(id -> id.contains(order.toString()))
        .containsExactly(
            "<order-" + order + "@orderflow.example>",
            "<order-" + order + "-cancelled@orderflow.example>");
    assertThat(state(order, "CONFIRMATION"))
        .isEqualTo(answer.startsWith("250") ? "SENT" : "SUPPRESSED");
    assertThat(letters()).isEmpty();
  }

  @Test
  void aConfirmationQueuedOrReplayedAfterTheCancellationFindsItsPlaceTaken() {
    var mail = instance.reading(UUID.randomUUID(), "a@example.com", 1);
    UUID order = mail.value().orderId();

    assertThat(instance.stop().suppressConfirmation(order, "c-1001", Events.NOW))
        .isEqualTo(MailStop.Confirmation.SUPPRESSED);
    instance.queue(List.of(mail), false);
    instance.queue(List.of(mail), true);

    assertThat(instance.mail(order))
        .containsEntry("state", "SUPPRESSED")
        .containsEntry("event", "");
    assertThat(instance.queue().resend(order, OPERATOR)).isEqualTo(ResendResult.ORDER_CANCELLED);
    assertThat(instance.mail(order)).containsEntry("state", "SUPPRESSED");
  }

  @Test
  void aFailedConfirmationOfACancelledOrderIsNotSentByItsReplay() {
    smtp.script = refusing("554 no");
    var mail = instance.reading(UUID.randomUUID(), "a@example.com", 1);
    instance.queue(List.of(mail), false);
    instance.sender().wake();
    await().until(() -> instance.count("FAILED") == 1);

    assertThat(instance.stop().suppressConfirmation(mail.value().orderId(), "c-1001", Events.NOW))
        .isEqualTo(MailStop.Confirmation.SUPPRESSED);
    instance.queue(List.of(mail), true);

    assertThat(instance.mail(mail.value().orderId())).containsEntry("state", "SUPPRESSED");
  }

  @Test
  void aSentConfirmationOfACancelledOrderIsNotSentAgain() {
    UUID order = instance.queue("a@example.com").get(0);
    instance.sender().wake();
    await().until(() -> instance.count("SENT") == 1);
    instance
        .sql
        .sql(
            """
            insert into orders (id, customer_id, customer_email, customer_name, locale, currency, subtotal, discount,
                total, created_at, status)
            values (?, 'c-1', 'a@example.com', '', 'en', 'USD', 1, 0, 1, now(), 'CANCELLED')
            """)
        .param(order)
        .update();

    assertThat(instance.queue().resend(order, OPERATOR)).isEqualTo(ResendResult.ORDER_CANCELLED);
    assertThat(instance.count("SENT")).isEqualTo(1);
  }

  @Test
  void refusedMailsAboutReversalsAreDeadLettersThatAReplaySends() {
    smtp.script = refusing("550 5.1.1 unknown");
    UUID order = UUID.randomUUID();
    queueReturn(order, 2);
    queueReturn(order, 3);
    queueCancellation(UUID.randomUUID());
    instance.sender().wake();
    await().until(() -> instance.count("FAILED") == 3);

    assertThat(letters())
        .hasSize(3)
        .allSatisfy(letter -> assertThat(letter).containsEntry("state", "WAITING"))
        .extracting(letter -> letter.get("topic"))
        .containsExactlyInAnyOrder("order.returned", "order.returned", "order.cancelled");
    assertThat(letters()).extracting(letter -> letter.get("order_id")).contains(order);
    assertThat(instance.sql.sql("select count(*) from outbox").query(Long.class).single())
        .as("they were on no topic")
        .isZero();

    smtp.script = new Script() {};
    replay();
    await().until(() -> instance.count("SENT") == 3);
    replay();
    assertThat(smtp.deliveries).hasSize(3);
    assertThat(instance.mail(order, "RETURN_RECEIPT/2"))
        .containsEntry("lane", 2)
        .containsEntry("state", "SENT");
  }

  @Test
  void anErasedCustomersMailsAboutReversalsAreEmptiedWithTheConfirmation() {
    smtp.goAway();
    UUID order = instance.queue("minji@example.com").get(0);
    queueReturn(order, 2);
    queueCancellation(order);

    instance.erasure().eraseSome(new ErasedCustomer("c-1001", Events.NOW), null);

    assertThat(instance.sql.sql("select * from mail").query().listOfRows())
        .hasSize(3)
        .allSatisfy(
            mail ->
                assertThat(mail)
                    .containsEntry("state", "FAILED")
                    .containsEntry("event", "")
                    .containsEntry("source_headers", null));
    assertThat(instance.mail(order, CANCELLED)).containsEntry("error", "personal data erased");
  }

  @Test
  void ofAnOrderWithMoreMailsThanAStepTakesEachIsErased() {
    UUID order = UUID.randomUUID();
    fill(order, 1_200);
    ErasedCustomer customer = new ErasedCustomer("c-1001", Events.NOW);

    String position = instance.erasure().eraseSome(customer, order.toString());
    assertThat(position).as("an order that the version before has ended with").isNotNull();
    int steps = 0;
    for (position = null; steps < 10 && (position = step(customer, position)) != null; ) {
      steps++;
    }

    assertThat(
            instance
                .sql
                .sql("select count(*) from mail where event <> ''")
                .query(Long.class)
                .single())
        .isZero();
  }

  private String step(ErasedCustomer customer, String position) {
    return instance.erasure().eraseSome(customer, position);
  }

  @Test
  void aStepOfAnErasureReadsNoMoreThanItErases() {
    fill(UUID.randomUUID(), 100);
    instance
        .sql
        .sql(
            """
            insert into mail (order_id, kind, customer_id, event, state, queued_at, next_attempt_at, source_topic,
                source_partition, source_offset)
            select gen_random_uuid(), 'CONFIRMATION', 'c-1001', '{}', 'SENT', :at, :at, '', 0, 0
            from generate_series(1, 20000) as n
            """)
        .param("at", Events.NOW.atOffset(ZoneOffset.UTC))
        .update();

    assertThat(
            RowsRead.of(
                "mail",
                instance.database,
                sql -> {
                  JdbcClient client = JdbcClient.create(sql);
                  new MailErasure(client, new ErasedCustomers(client, instance.clock))
                      .eraseSome(new ErasedCustomer("c-1001", Events.NOW), null);
                }))
        .isLessThan(4_000);
  }

  @Test
  void noMailAboutAReversalIsQueuedOfAnOrderThatWasPlacedBeforeTheErasure() {
    instance
        .sql
        .sql("insert into erased_customer (customer_id, at) values ('c-1001', ?)")
        .param(Events.COMPLETED.atOffset(ZoneOffset.UTC))
        .update();

    queueCancellation(UUID.randomUUID());

    assertThat(instance.count("QUEUED")).isZero();
  }

  private void fill(UUID order, int receipts) {
    instance
        .sql
        .sql(
            """
            insert into mail (order_id, kind, customer_id, event, state, queued_at, next_attempt_at, source_topic,
                source_partition, source_offset)
            select ?, 'RETURN_RECEIPT/' || n, 'c-1001', '{}', 'SENT', now() - interval '10 y', now(), '', 0, 0
            from generate_series(1, ?) as n
            """)
        .params(order, receipts)
        .update();
  }

  /** As the replay of dead letters does it. */
  private void replay() {
    List<ParsedRecord<QueuedMail>> batch =
        letters().stream()
            .map(
                letter ->
                    new EventRecord(
                            (String) letter.get("topic"),
                            (Integer) letter.get("partition"),
                            (Long) letter.get("offset"),
                            (byte[]) letter.get("key"),
                            (byte[]) letter.get("payload"),
                            RecordHeaders.list(letter.get("headers").toString()))
                        .asReplay())
            .map(record -> new ParsedRecord<>(record, instance.queue().read(record)))
            .toList();
    instance.queue(batch, false);
    instance.queue(batch, true);
    instance.sender().wake();
  }

  private List<Map<String, Object>> letters() {
    return instance.sql.sql("select * from dead_letter").query().listOfRows();
  }

  private String state(UUID order, String kind) {
    return (String) instance.mail(order, kind).get("state");
  }

  private void queueCancellation(UUID order) {
    instance
        .stop()
        .queue(
            CANCELLED,
            EventType.ORDER_CANCELLED,
            Events.notice(order, event -> {}),
            instance.clock.instant());
  }

  private void queueReturn(UUID order, int version) {
    instance
        .stop()
        .queue(
            "RETURN_RECEIPT/" + version,
            EventType.ORDER_RETURNED,
            Events.notice(order, event -> event.put("pointsReversed", version)),
            instance.clock.instant());
  }

  private static Script refusing(String answer) {
    return new Script() {
      @Override
      public String recipient(String address) {
        return answer;
      }
    };
  }
}
