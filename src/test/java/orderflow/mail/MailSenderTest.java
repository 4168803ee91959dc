package orderflow.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import orderflow.mail.MailServerState.Hindrance;
import orderflow.mail.ScriptedSmtp.Script;
import orderflow.platform.security.Actor;
import orderflow.privacy.ErasedCustomer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.health.Status;

class MailSenderTest {

  /** Time for two or three attempts on a server that is away. */
  private static final Duration SOME_ATTEMPTS = Duration.ofMillis(400);

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
  void twoInstancesSendEachMailOnceOverFewConnections() {
    String[] addresses = addresses(600);
    try (MailInstance other = new MailInstance(smtp.port(), MailInstance.settings(2)).start()) {
      instance.queue(addresses);
      instance.sender().wake();
      other.sender().wake();

      await().until(() -> instance.count("SENT") == 600);
      assertThat(smtp.recipients()).containsExactlyInAnyOrder(addresses);
      assertThat(smtp.connections).hasValueLessThanOrEqualTo(4);
    }
  }

  @Test
  void largeMailsAreTakenFewAtATimeAndAllSent() {
    String large = "x".repeat(Mails.MOST_BYTES * 2 / 3);
    instance.sender().stop();
    instance.queue("a@example.com", "b@example.com", "c@example.com");
    instance
        .sql
        .sql("update mail set event = jsonb_set(event::jsonb, '{note}', to_jsonb(?))::text")
        .param(large)
        .update();

    assertThat(instance.take(20)).hasSize(2);

    instance.sender().start();
    await().until(() -> instance.count("SENT") == 3);
  }

  @Test
  void aTemplateThatIsChangedIsUsedFromTheNextMailOn(@TempDir Path templates) throws IOException {
    instance.sender().stop();
    Path template = templates.resolve("order-confirmation.ko.txt.ftl");
    instance.sender().stop(); // it would send by its own templates what it finds first
    try (MailInstance changing =
        new MailInstance(smtp.port(), MailInstance.settings(1, templates)).start()) {
      for (String subject : List.of("first", "second one")) {
        Files.writeString(template, subject + "\n\nbody");
        UUID order = changing.queue("a@example.com").get(0);
        changing.sender().wake();
        await().until(() -> changing.mail(order).get("state").equals("SENT"));
      }
    }
    assertThat(smtp.deliveries)
        .extracting(ScriptedSmtp.Delivery::subject)
        .containsExactly("first", "second one");
  }

  @Test
  void aRefusedRecipientIsDeadAtOnceAndFiledWithItsRecordWhileOthersAreSent() {
    smtp.script = refusing("gone@example.com", "550 5.1.1 <gone@example.com> unknown");
    List<UUID> orders = instance.queue("a@example.com", "gone@example.com", "b@example.com");
    instance.sender().wake();

    await().until(() -> instance.count("SENT") == 2 && instance.count("FAILED") == 1);
    assertThat(instance.mail(orders.get(1)))
        .containsEntry("attempts", 1)
        .containsEntry("error", "550 5.1.1 <…> unknown");
    Map<String, Object> letter = instance.sql.sql("select * from dead_letter").query().singleRow();
    assertThat(letter)
        .containsEntry("consumer", "email-consumer")
        .containsEntry("topic", "order.completed")
        .containsEntry("partition", 3)
        .containsEntry("offset", 1L)
        .containsEntry("state", "WAITING")
        .containsEntry("order_id", orders.get(1));
    assertThat((byte[]) letter.get("key")).asString().isEqualTo("c-1001");
    assertThat(letter.get("headers").toString()).contains("ce_id");
  }

  @Test
  void aRefusedMailIsQueuedAgainByAReplayAndASentOneIsNot() {
    smtp.script = refusing("a@example.com", "554 no");
    var refused = instance.reading(UUID.randomUUID(), "a@example.com", 0);
    var sent = instance.reading(UUID.randomUUID(), "b@example.com", 1);
    instance.queue(List.of(refused, sent), false);
    instance.sender().wake();
    await().until(() -> instance.count("SENT") == 1 && instance.count("FAILED") == 1);

    smtp.script = new Script() {};
    instance.queue(List.of(refused, sent), false);
    assertThat(instance.count("QUEUED")).isZero();
    instance.queue(List.of(refused, sent), true);
    instance.sender().wake();

    await().until(() -> instance.count("SENT") == 2);
    assertThat(smtp.recipients()).containsExactlyInAnyOrder("a@example.com", "b@example.com");
  }

  @Test
  void aBusyRecipientIsTriedAgainWithGrowingPausesAndHoldsNobodyUp() {
    smtp.script = refusing("busy@example.com", "451 4.7.1 later");
    List<UUID> orders = instance.queue("busy@example.com", "b@example.com");
    UUID busy = orders.get(0);
    instance.sender().wake();

    await()
        .until(() -> instance.count("SENT") == 1 && instance.mail(busy).get("attempts").equals(1));
    assertThat(pause(busy)).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(30));

    instance.clock.standsAt(Events.NOW.plusSeconds(31));
    instance.sender().wake();
    await().until(() -> instance.mail(busy).get("attempts").equals(2));
    assertThat(pause(busy)).isBetween(Duration.ofSeconds(54), Duration.ofSeconds(60));
    assertThat(instance.mail(busy))
        .containsEntry("state", "QUEUED")
        .containsEntry("error", "451 4.7.1 later");

    smtp.script = new Script() {};
    instance.clock.standsAt(instance.clock.instant().plusSeconds(61));
    instance.sender().wake();
    await().until(() -> instance.count("SENT") == 2);
    assertThat(instance.mail(busy)).containsEntry("attempts", 3);
  }

  @ParameterizedTest
  @CsvSource({"550 5.7.1 not from you, 250 ok", "250 ok, 421 4.3.2 closing"})
  void aServerThatRefusesTheSenderOrClosesIsAwayAndNoMailIsBlamed(String sender, String recipient) {
    AtomicInteger conversations = new AtomicInteger();
    smtp.script =
        new Script() {
          @Override
          public String extensions() {
            conversations.incrementAndGet();
            return Script.super.extensions();
          }

          @Override
          public String sender() {
            return conversations.get() == 1 ? sender : "250 ok";
          }

          @Override
          public String recipient(String address) {
            return conversations.get() == 1 ? recipient : "250 ok";
          }
        };
    List<UUID> orders = instance.queue("a@example.com", "b@example.com");
    instance.sender().wake();

    await().until(() -> instance.count("SENT") == 2);
    assertThat(conversations).hasValueGreaterThan(1);
    assertThat(orders)
        .as("only the one that was taken counts as an attempt")
        .allSatisfy(order -> assertThat(instance.mail(order)).containsEntry("attempts", 1));
    assertThat(letters()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aServerWithoutRoomForAMailHoldsThatOneUpAlone(boolean atItsBeginning) {
    smtp.script = refusingContent("b@example.com", "452 4.3.1 too large for now", atItsBeginning);
    List<UUID> orders = instance.queue("a@example.com", "b@example.com", "c@example.com");
    instance.sender().wake();

    await()
        .until(
            () ->
                instance.count("SENT") == 2
                    && instance.mail(orders.get(1)).get("attempts").equals(1));
    assertThat(instance.mail(orders.get(1)))
        .containsEntry("state", "QUEUED")
        .containsEntry("error", "452 4.3.1 too large for now");
    assertThat(pause(orders.get(1))).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(30));
    assertThat(letters()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRefusedContentIsDeadAtOnce(boolean atItsBeginning) {
    smtp.script = refusingContent("b@example.com", "554 5.6.1 no such mails", atItsBeginning);
    List<UUID> orders = instance.queue("a@example.com", "b@example.com", "c@example.com");
    instance.sender().wake();

    await().until(() -> instance.count("SENT") == 2 && instance.count("FAILED") == 1);
    assertThat(instance.mail(orders.get(1)))
        .containsEntry("attempts", 1)
        .containsEntry("error", "554 5.6.1 no such mails");
    assertThat(letters()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RCPT    | 554 5.7.1 <%s>: Relay access denied",
        "content | 550 5.4.5 Daily user sending limit exceeded",
        "content | 554 5.2.252 SendAsDenied; not allowed to send as the sender"
      })
  void aServerThatRefusesTheSenderHoldsTheQueueUntilThatIsMended(String at, String reply) {
    AtomicInteger asked = new AtomicInteger();
    smtp.script =
        new Script() {
          @Override
          public String recipient(String address) {
            asked.incrementAndGet();
            return at.equals("RCPT") ? reply.formatted(address) : "250 ok";
          }

          @Override
          public String mail(String address, int deliveries) {
            return at.equals("RCPT") ? "250 taken" : reply;
          }
        };
    List<UUID> orders = instance.queue(addresses(30));
    wakeOften();
    await().until(() -> asked.get() >= 3);

    assertThat(asked).as("one probe at a time").hasValueLessThan(10);
    assertThat(instance.delivery().hindrance()).isEqualTo(Hindrance.REFUSES);
    assertThat(new MailServerHealth(instance.delivery()).health().getStatus().getCode())
        .isEqualTo("DEGRADED");
    assertThat(instance.count("QUEUED")).isEqualTo(30);
    assertThat(orders)
        .allSatisfy(order -> assertThat(instance.mail(order)).containsEntry("attempts", 0));
    assertThat(letters()).isZero();

    List<String> taken = new CopyOnWriteArrayList<>();
    smtp.script =
        new Script() {
          @Override
          public String mail(String address, int deliveries) {
            taken.add(address);
            return "250 taken";
          }
        };
    await().until(() -> instance.count("SENT") == 30);
    assertThat(taken).containsExactlyInAnyOrder(addresses(30));
    assertThat(new MailServerHealth(instance.delivery()).health().getStatus()).isEqualTo(Status.UP);
  }

  @Test
  void aRefusalThatConcernsOneMailAloneHoldsNobodyElseUp() {
    instance.clock.isAhead(Duration.ZERO); // it runs: a mail not tried goes behind the others
    smtp.script = refusing("odd@example.com", "550 5.7.133 sender not authenticated for group");
    UUID odd = instance.queue("odd@example.com").get(0);
    instance.queue(addresses(10));
    instance.sender().wake();

    await()
        .until(() -> instance.count("SENT") == 10 && instance.mail(odd).get("attempts").equals(1));
    assertThat(instance.mail(odd)).containsEntry("state", "QUEUED");
    assertThat(pause(odd)).isLessThanOrEqualTo(Duration.ofSeconds(30));

    List<UUID> later = instance.queue("later@example.com");
    instance.sender().wake();
    await().until(() -> instance.mail(later.get(0)).get("state").equals("SENT"));
    assertThat(letters()).isZero();
  }

  @Test
  void aRecipientWhoIsBusyForMoreThanADayIsGivenUpOnOnce() {
    smtp.script = refusing("busy@example.com", "451 4.7.1 later");
    UUID busy = instance.queue("busy@example.com").get(0);
    instance.sender().wake();
    for (int attempts = 1; instance.count("FAILED") == 0; attempts++) {
      int made = attempts;
      await()
          .pollInterval(Duration.ofMillis(5))
          .until(() -> instance.mail(busy).get("attempts").equals(made));
      if (Duration.between(Events.NOW, instance.clock.instant()).compareTo(Duration.ofDays(1))
          < 0) {
        assertThat(instance.count("FAILED")).isZero();
      }
      instance.clock.standsAt(instance.clock.instant().plus(pause(busy)));
      instance.sender().wake();
    }

    assertThat(Duration.between(Events.NOW, instance.clock.instant()))
        .isBetween(Duration.ofHours(24), Duration.ofHours(28));
    assertThat(instance.mail(busy)).containsEntry("error", "451 4.7.1 later");
    instance.clock.standsAt(instance.clock.instant().plus(Duration.ofDays(1)));
    instance.queue("b@example.com");
    instance.sender().wake();
    await().until(() -> instance.count("SENT") == 1);
    assertThat(letters()).isEqualTo(1);
  }

  @Test
  void whileTheServerIsAwayNoMailIsBlamedAndAllAreSentWhenItIsBack() {
    smtp.goAway();
    String[] addresses = addresses(100);
    List<UUID> orders = instance.queue(addresses);
    instance.sender().wake();
    await().until(() -> instance.delivery().hindrance() == Hindrance.AWAY);
    await().pollDelay(SOME_ATTEMPTS).until(() -> instance.count("QUEUED") == 100);
    assertThat(orders)
        .allSatisfy(order -> assertThat(instance.mail(order)).containsEntry("attempts", 0));

    smtp.comeBack();
    await().until(() -> instance.count("SENT") == 100);
    assertThat(smtp.recipients()).containsExactlyInAnyOrder(addresses);
  }

  @Test
  void aClosingServerIsAskedByOneMailAtATime() {
    smtp.script =
        new Script() {
          @Override
          public String greeting() {
            return "421 too busy";
          }
        };
    long start = instance.serverTime.getAsLong();
    instance.serverTime = () -> start;
    instance.queue(addresses(100));
    wakeOften();
    await().pollDelay(SOME_ATTEMPTS).until(() -> smtp.connections.get() >= 1);
    instance.sender().stop(); // so that no attempt is under way
    int atFirst = smtp.connections.get();
    assertThat(atFirst).as("one for each sender").isLessThanOrEqualTo(2);

    instance.serverTime = () -> start + Duration.ofMinutes(1).toNanos();
    instance.sender().start();
    wakeOften();
    await().pollDelay(SOME_ATTEMPTS).until(() -> smtp.connections.get() > atFirst);
    assertThat(smtp.connections).hasValue(atFirst + 1);
  }

  @Test
  void aConnectionThatTheServerHasEndedIsReplacedWithoutALoss() {
    instance.queue("a@example.com");
    instance.sender().wake();
    await().until(() -> instance.count("SENT") == 1);

    smtp.goAway();
    smtp.comeBack();
    List<UUID> orders = instance.queue("b@example.com");
    instance.sender().wake();
    await().until(() -> instance.count("SENT") == 2);
    assertThat(instance.mail(orders.get(0))).containsEntry("attempts", 1);
    assertThat(smtp.recipients()).containsExactly("a@example.com", "b@example.com");
  }

  @Test
  void aConnectionLostAfterDataIsTriedOnceMoreWithTheSameMessageId() {
    smtp.script =
        new Script() {
          @Override
          public String mail(String address, int deliveries) {
            return deliveries == 1 ? ScriptedSmtp.HANG_UP : "250 taken";
          }
        };
    UUID order = instance.queue("a@example.com").get(0);
    instance.sender().wake();

    await().until(() -> instance.count("SENT") == 1);
    assertThat(instance.mail(order)).containsEntry("attempts", 2);
    assertThat(smtp.deliveries)
        .hasSize(2)
        .extracting(ScriptedSmtp.Delivery::messageId)
        .containsOnly("<order-" + order + "@orderflow.example>");
  }

  @Test
  void aConnectionLostAfterDataTwiceIsLeftToTheOperator() {
    smtp.script =
        new Script() {
          @Override
          public String mail(String address, int deliveries) {
            return ScriptedSmtp.HANG_UP;
          }
        };
    UUID order = instance.queue("a@example.com").get(0);
    instance.sender().wake();

    await().until(() -> instance.count("FAILED") == 1);
    assertThat(instance.mail(order)).containsEntry("attempts", 2);
    assertThat(smtp.deliveries).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatWasSentWhileTheDatabaseWasAwayIsWrittenDownAndNotSentAgain(boolean itsTermEnds) {
    String[] addresses = addresses(100);
    var database = new AwayDatabase(MailInstance.sharedDatabase());
    try (var cutOff = new MailInstance(smtp.port(), MailInstance.settings(2), database).start()) {
      instance.sender().stop();
      smtp.script =
          new Script() {
            @Override
            public String mail(String address, int deliveries) {
              if (address.equals(addresses[10])) {
                database.goAway();
              }
              return "250 taken";
            }
          };
      instance.queue(addresses);
      cutOff.sender().wake();
      await().until(() -> database.refused.get() > 0);
      if (itsTermEnds) {
        instance.lease.beatsFor(Duration.ofSeconds(8));
        cutOff.lease.isFrozenFor(Duration.ofSeconds(8));
        cutOff.lease.beat();
      }

      database.comeBack();

      await().until(() -> cutOff.count("SENT") == 100);
      assertThat(smtp.recipients()).containsExactlyInAnyOrder(addresses);
    }
  }

  @Test
  void whoStopsDoesNotLookForMoreWhileOthersEndTheirRounds() {
    instance.sender().stop();
    instance.queue("a@example.com");

    assertThat(instance.sender().sendSome()).as("looks again at once").isFalse();
  }

  @Test
  void aSlowInstanceThatIsAliveKeepsItsMails() {
    Blocking slow = block("a@example.com");
    String[] addresses = addresses(10);
    try (MailInstance other = new MailInstance(smtp.port(), MailInstance.settings(1))) {
      instance.queue("a@example.com");
      instance.sender().wake();
      slow.awaitMails(1);
      other.start();
      for (int second = 0; second < 20; second++) {
        instance.lease.beat();
        other.lease.beatsFor(Duration.ofSeconds(1));
      }
      other.queue(addresses);
      await().until(() -> other.count("SENT") == 10);

      assertThat(other.take(20)).isEmpty();
      slow.goOn();
      await().until(() -> other.count("SENT") == 11);
      assertThat(smtp.recipients()).hasSize(11).doesNotHaveDuplicates();
    }
  }

  @Test
  void whatAKilledInstanceHeldIsSentByAnotherOnceItsTermIsOver() {
    instance.sender().stop(); // it would take the mails itself
    List<UUID> orders = instance.queue("a@example.com", "b@example.com");
    assertThat(instance.take(20)).hasSize(2);
    try (MailInstance other = new MailInstance(smtp.port(), MailInstance.settings(1)).start()) {
      other.lease.beatsFor(Duration.ofSeconds(5));
      assertThat(other.take(20)).as("after 5 s").isEmpty();

      other.lease.beatsFor(Duration.ofSeconds(2));
      await().until(() -> other.count("SENT") == 2);
      assertThat(smtp.recipients()).containsExactly("a@example.com", "b@example.com");
      assertThat(instance.mail(orders.get(0))).containsEntry("attempts", 1);
    }
  }

  @Test
  void anInstanceWhoseTermIsOverSendsNothingMoreOfWhatItHasTaken() {
    Blocking slow = block("a@example.com");
    List<UUID> orders = instance.queue("a@example.com", "b@example.com", "c@example.com");
    instance.sender().wake();
    slow.awaitMails(1);

    instance.lease.isFrozenFor(Duration.ofSeconds(7));
    slow.goOn();
    instance.sender().stop();

    assertThat(smtp.recipients()).containsExactly("a@example.com");
    assertThat(instance.mail(orders.get(0))).containsEntry("state", "SENT");
    assertThat(instance.count("QUEUED")).isEqualTo(2);
  }

  @Test
  void aFrozenInstanceSettlesNothingOfWhatOthersHaveTakenOver() {
    Blocking frozen = block("a@example.com");
    List<UUID> orders = instance.queue("a@example.com", "b@example.com", "c@example.com");
    instance.clock.standsAt(Events.NOW.plusSeconds(60));
    instance.sender().wake();
    frozen.awaitMails(1);
    instance.lease.isFrozenFor(Duration.ofSeconds(30));
    try (MailInstance other = new MailInstance(smtp.port(), MailInstance.settings(1)).start()) {
      other.lease.beatsFor(Duration.ofSeconds(8));
      await().until(() -> other.count("SENT") == 3);

      frozen.goOn();
      instance.sender().stop();

      assertThat(smtp.recipients())
          .as("a mail that is being sent at that moment is in doubt")
          .containsExactlyInAnyOrder(
              "a@example.com", "b@example.com", "c@example.com", "a@example.com");
      assertThat(orders)
          .allSatisfy(
              order ->
                  assertThat(other.mail(order))
                      .containsEntry("attempts", 1)
                      .containsEntry("sent_at", Timestamp.from(Events.NOW)));
    }
  }

  @Test
  void sendersThatWaitForTheMailServerUseNoDatabaseConnection() {
    Blocking hanging = block(new Blocking(address -> true, "250 ok"));
    try (HikariDataSource pool = new HikariDataSource()) {
      pool.setDataSource(MailInstance.sharedDatabase());
      pool.setMaximumPoolSize(2);
      try (var many = new MailInstance(smtp.port(), MailInstance.settings(100), pool).start()) {
        instance.sender().stop();
        String[] addresses = addresses(2000);
        many.queue(addresses);
        many.sender().wake();
        hanging.awaitMails(100);

        // They look for more now and then.
        await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);

        hanging.goOn();
        await().until(() -> many.count("SENT") == 2000);
        assertThat(smtp.recipients()).containsExactlyInAnyOrder(addresses);
      }
    }
  }

  @Test
  void mailsBehindOneThatHangsAreSentByAnotherThread() {
    Blocking hanging = block("a@example.com");
    instance.queue("a@example.com", "b@example.com", "c@example.com");
    instance.sender().wake();
    hanging.awaitMails(1);

    await().until(() -> instance.count("SENT") == 2);

    hanging.goOn();
    await().until(() -> instance.count("SENT") == 3);
    assertThat(smtp.recipients())
        .containsExactlyInAnyOrder("b@example.com", "c@example.com", "a@example.com");
  }

  @Test
  void aMailThatIsLostFromMemoryIsTakenAnew() {
    instance.sender().stop(); // it would take the mail itself
    instance.queue("a@example.com");
    assertThat(instance.take(20)).hasSize(1);

    instance.sender().start();

    await().until(() -> instance.count("SENT") == 1);
    assertThat(smtp.recipients()).containsExactly("a@example.com");
  }

  @Test
  void aMailWhoseTakingACrashOfTheDatabaseHasUndoneIsSentOnce() {
    Blocking slow = block("a@example.com");
    instance.queue("a@example.com");
    instance.sender().wake();
    slow.awaitMails(1);

    instance.sql.sql("update mail set taken_by = null").update();
    instance.queue("b@example.com");
    instance.sender().wake();
    await().until(() -> instance.count("SENT") == 1);
    slow.goOn();

    await().until(() -> instance.count("SENT") == 2);
    assertThat(smtp.recipients()).containsExactly("b@example.com", "a@example.com");
  }

  @Test
  void aMailThatIsErasedWhileItIsBeingSentIsNotFiledWithItsAddress() {
    Blocking slow = block("a@example.com", "550 5.1.1 unknown");
    UUID order = instance.queue("a@example.com").get(0);
    instance.sender().wake();
    slow.awaitMails(1);

    instance.erasure().eraseSome(new ErasedCustomer("c-1001", Events.NOW), null);
    slow.goOn();
    instance.sender().stop();

    assertThat(instance.mail(order))
        .containsEntry("state", "FAILED")
        .containsEntry("event", "")
        .containsEntry("error", "personal data erased");
    assertThat(letters()).isZero();
  }

  @Test
  void aMailThatIsSentWhileAnOperatorAsksForItAgainIsSentOnceMore() {
    Blocking slow = block("a@example.com");
    UUID order = instance.queue("a@example.com").get(0);
    instance.sender().wake();
    slow.awaitMails(1);
    instance.clock.standsAt(Events.NOW.plusSeconds(1));

    assertThat(instance.queue().resend(order, new Actor("support", "operator", null)))
        .isEqualTo(ResendResult.QUEUED);
    slow.goOn();

    await().until(() -> smtp.deliveries.size() == 2 && instance.count("SENT") == 1);
    assertThat(instance.mail(order)).containsEntry("attempts", 1);
  }

  private void wakeOften() {
    for (int i = 0; i < 50; i++) {
      instance.sender().wake();
    }
  }

  private int letters() {
    return instance.sql.sql("select count(*) from dead_letter").query(Integer.class).single();
  }

  private Duration pause(UUID order) {
    Instant next = ((Timestamp) instance.mail(order).get("next_attempt_at")).toInstant();
    return Duration.between(instance.clock.instant(), next);
  }

  private static String[] addresses(int count) {
    return IntStream.range(0, count).mapToObj(i -> "c" + i + "@example.com").toArray(String[]::new);
  }

  private static Script refusing(String recipient, String answer) {
    return new Script() {
      @Override
      public String recipient(String address) {
        return address.equals(recipient) ? answer : "250 ok";
      }
    };
  }

  /** Refuses what is in a mail to someone, before or after it has heard it. */
  private static Script refusingContent(String recipient, String answer, boolean atItsBeginning) {
    return new Script() {
      @Override
      public String data(String address, boolean recipientTaken) {
        return atItsBeginning && address.equals(recipient) ? answer : data(recipientTaken);
      }

      @Override
      public String mail(String address, int deliveries) {
        return address.equals(recipient) ? answer : "250 taken";
      }
    };
  }

  private Blocking block(String recipient) {
    return block(recipient, "250 ok");
  }

  /** Keeps the first mail to a recipient waiting. */
  private Blocking block(String recipient, String answer) {
    AtomicInteger times = new AtomicInteger();
    return block(
        new Blocking(address -> address.equals(recipient) && times.getAndIncrement() == 0, answer));
  }

  private Blocking block(Blocking script) {
    smtp.script = script;
    return script;
  }

  /** Keeps some mails waiting for its word on their recipients. */
  private record Blocking(
      Predicate<String> which, String answer, AtomicInteger waiting, CountDownLatch end)
      implements Script {

    Blocking(Predicate<String> which, String answer) {
      this(which, answer, new AtomicInteger(), new CountDownLatch(1));
    }

    @Override
    public String recipient(String address) {
      if (!which.test(address)) {
        return "250 ok";
      }
      waiting.incrementAndGet();
      try {
        end.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return answer;
    }

    void awaitMails(int number) {
      await().until(() -> waiting.get() == number);
    }

    void goOn() {
      end.countDown();
    }
  }
}
