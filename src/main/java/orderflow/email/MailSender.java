package orderflow.email;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import orderflow.background.BackgroundLoop;
import orderflow.deadletter.DeadLetters;
import orderflow.deadletter.DeadLetters.Failed;
import orderflow.email.Delivery.ServerAway;
import orderflow.email.DueMail.Attempt;
import orderflow.email.Outcome.State;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends the mails that are due, in rounds. A round holds its mails' row locks until it has written
 * down what became of them: nobody else sends them meanwhile, and an instance that is killed lets
 * go of them at once.
 */
@Component
public class MailSender {

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final String CONSUMER = "email-consumer";

  private final Mails mails;
  private final Delivery delivery;
  private final DeadLetters deadLetters;
  private final MailSettings settings;
  private final MailServer server;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final List<BackgroundLoop> loops;

  /**
   * Outcomes that the database may not have: if it fails in a round, its mails must not be sent
   * again.
   */
  private final Map<Attempt, Outcome> unwritten = new ConcurrentHashMap<>();

  /**
   * What this instance's rounds are at: a round that has lost its locks with its connection still
   * is.
   */
  private final Set<Attempt> atHand = ConcurrentHashMap.newKeySet();

  private volatile boolean running;

  MailSender(
      Mails mails,
      Delivery delivery,
      DeadLetters deadLetters,
      MailSettings settings,
      SmtpSettings smtp,
      PlatformTransactionManager transactions,
      Clock clock) {
    this.mails = mails;
    this.delivery = delivery;
    this.deadLetters = deadLetters;
    this.settings = settings;
    this.server = new MailServer(smtp.toString());
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
    this.loops =
        IntStream.rangeClosed(1, settings.senders())
            .mapToObj(n -> new BackgroundLoop("mail-sender-" + n, POLL, this::sendSome))
            .toList();
  }

  /**
   * There may be mails to send now: one idle thread sees to it, and calls the next if there are
   * many.
   */
  public void wake() {
    if (loops.stream().noneMatch(BackgroundLoop::wakeIfIdle)) {
      loops.forEach(BackgroundLoop::wake);
    }
  }

  /** Once the mail route is there. */
  @EventListener(ApplicationReadyEvent.class)
  void start() {
    running = true;
    loops.forEach(BackgroundLoop::start);
  }

  /** Waits for the mails at hand, before Camel takes the mail route away. */
  @EventListener(ContextClosedEvent.class)
  @Order(Ordered.HIGHEST_PRECEDENCE)
  void stop() {
    running = false;
    loops.forEach(BackgroundLoop::stop);
  }

  /** A round; returns whether more mails may be due. */
  boolean sendSome() {
    int allowed = server.allows(settings.batch());
    if (allowed == 0) {
      return false;
    }
    Round round = new Round();
    try {
      transaction.executeWithoutResult(
          status -> round.run(mails.due(clock.instant(), allowed), allowed));
      round.outcomes.forEach(outcome -> unwritten.remove(outcome.mail().attempt()));
      return running && !round.away && (round.full || round.outcomes.size() < round.mine.size());
    } finally {
      round.mine.forEach(mail -> atHand.remove(mail.attempt()));
      server.done();
    }
  }

  private final class Round {

    private final long end = System.nanoTime() + ROUND_NANOS;
    private final List<DueMail> mine = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private boolean away;
    private boolean full;

    void run(List<DueMail> due, int allowed) {
      full = due.size() == allowed || Mails.fillMemory(due);
      if (full) {
        wake();
      }
      due.stream().filter(mail -> atHand.add(mail.attempt())).forEach(mine::add);
      if (!mine.isEmpty()) {
        delivery.begin();
      }
      for (DueMail mail : mine) {
        if (away || !running || System.nanoTime() > end) {
          break;
        }
        outcomes.add(outcome(mail));
      }
      if (!outcomes.isEmpty()) {
        mails.settle(outcomes);
        fileFailed();
      }
    }

    private Outcome outcome(DueMail mail) {
      Outcome known = unwritten.get(mail.attempt());
      if (known != null) {
        return known;
      }
      try {
        Outcome outcome = delivery.attempt(mail);
        server.answered();
        unwritten.put(mail.attempt(), outcome);
        return outcome;
      } catch (ServerAway e) {
        away = true;
        server.isAway(e);
        return Outcome.notTried(mail, clock.instant());
      }
    }

    private void fileFailed() {
      List<Failed> failed =
          outcomes.stream()
              .filter(outcome -> outcome.state() == State.FAILED)
              .map(outcome -> new Failed(outcome.mail().source(), String.valueOf(outcome.error())))
              .toList();
      if (!failed.isEmpty()) {
        deadLetters.record(CONSUMER, failed);
      }
    }
  }
}
