package orderflow.mail;

import io.opentelemetry.api.trace.Span;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import orderflow.consumer.FailedRecord;
import orderflow.deadletter.DeadLetters;
import orderflow.mail.Delivery.ServerAway;
import orderflow.mail.DeliveryResult.State;
import orderflow.platform.lease.Instance;
import orderflow.platform.lease.Term;
import orderflow.platform.retry.BackgroundLoop;
import orderflow.platform.retry.FailureClassifier;
import orderflow.platform.retry.OutageLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends the mails that are due, in rounds. A round takes its mails in one transaction, sends them
 * without one, and writes down in another what became of them. Those that an instance had taken
 * when it was killed or frozen go to another one as soon as its term is over.
 */
@Component
public class MailSender {

  private static final Logger log = LoggerFactory.getLogger(MailSender.class);

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int SENDERS_PER_POLL = 4;
  private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Mails mails;
  private final Delivery delivery;
  private final DeadLetters deadLetters;
  private final MailSettings settings;
  private final SmtpCircuitBreaker server;
  private final Instance instance;
  private final TransactionTemplate transaction;
  private final MailMetrics metrics;
  private final MailTraces traces;
  private final Clock clock;
  private final TakenMails taken;
  private final List<BackgroundLoop> loops;
  private final Lock writing = new ReentrantLock();
  private final OutageLog outage = new OutageLog("Recording the results of mails");

  private volatile boolean running;

  @Autowired
  MailSender(
      Mails mails,
      Delivery delivery,
      DeadLetters deadLetters,
      MailSettings settings,
      SmtpSettings smtp,
      Instance instance,
      PlatformTransactionManager transactions,
      MailMetrics metrics,
      MailTraces traces,
      Clock clock) {
    this(
        mails,
        delivery,
        deadLetters,
        settings,
        new SmtpCircuitBreaker(smtp.toString()),
        instance,
        transactions,
        metrics,
        traces,
        clock,
        POLL);
  }

  MailSender(
      Mails mails,
      Delivery delivery,
      DeadLetters deadLetters,
      MailSettings settings,
      SmtpCircuitBreaker server,
      Instance instance,
      PlatformTransactionManager transactions,
      MailMetrics metrics,
      MailTraces traces,
      Clock clock,
      Duration poll) {
    this.mails = mails;
    this.delivery = delivery;
    this.deadLetters = deadLetters;
    this.settings = settings;
    this.server = server;
    this.instance = instance;
    this.transaction = new TransactionTemplate(transactions);
    this.metrics = metrics;
    this.traces = traces;
    this.clock = clock;
    this.taken = new TakenMails(mails);
    // However many there are, together they look no more often.
    Duration each = poll.multipliedBy(Math.max(1, settings.senderThreads() / SENDERS_PER_POLL));
    this.loops =
        IntStream.rangeClosed(1, settings.senderThreads())
            .mapToObj(n -> new BackgroundLoop("mail-sender-" + n, each, this::sendSome))
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
    writeUnwritten();
    Term term = instance.term();
    if (term == null) {
      return false; // the lease renewal logs what is wrong
    }
    int allowed = server.allows(settings.batch());
    if (allowed == 0) {
      return false;
    }
    try {
      return new Round(taken.take(term, clock.instant(), allowed), allowed).run();
    } finally {
      server.done();
    }
  }

  /**
   * Outcomes that a failing database did not take at first: those mails must not be sent again. As
   * long as a mail bears the term it was taken in, no one else has taken it. One by one, so that
   * one that can't be written holds up no other.
   */
  private void writeUnwritten() {
    if (taken.unwritten().isEmpty() || !writing.tryLock()) {
      return;
    }
    try {
      for (TakenMail mail : taken.unwritten()) {
        writeOrReport(mail);
      }
    } finally {
      writing.unlock();
    }
  }

  private void writeOrReport(TakenMail mail) {
    try {
      settle(List.of(mail));
      outage.recovered();
    } catch (RuntimeException e) {
      if (FailureClassifier.isTransient(e)) {
        throw e;
      }
      outage.failure(e);
    }
  }

  private void settle(List<TakenMail> done) {
    if (done.isEmpty()) {
      return;
    }
    List<TakenMail> settled =
        done.stream().anyMatch(mail -> mail.outcome().state() == State.FAILED)
            ? Objects.requireNonNull(transaction.execute(status -> fileFailed(write(done))))
            : write(done);
    done.forEach(taken::forget);
    metrics.settled(settled);
    long lost =
        done.stream()
            .filter(mail -> mail.outcome().state() == State.SENT && !settled.contains(mail))
            .count();
    if (lost > 0) {
      log.warn(
          "{} mails were sent while another instance took them over or an operator queued them"
              + " again: they may arrive twice",
          lost);
    }
  }

  /** Twice, because the statement passes over rows that are changed while it runs. */
  private List<TakenMail> write(List<TakenMail> done) {
    List<TakenMail> settled = mails.settle(done);
    if (settled.size() == done.size()) {
      return settled;
    }
    List<TakenMail> all = new ArrayList<>(settled);
    all.addAll(mails.settle(done.stream().filter(mail -> !settled.contains(mail)).toList()));
    return all;
  }

  private List<TakenMail> fileFailed(List<TakenMail> settled) {
    List<FailedRecord> failed =
        settled.stream()
            .map(TakenMail::outcome)
            .filter(outcome -> outcome.state() == State.FAILED)
            .map(
                outcome ->
                    new FailedRecord(outcome.mail().source(), String.valueOf(outcome.error())))
            .toList();
    if (!failed.isEmpty()) {
      deadLetters.record(MailQueue.NAME, failed);
    }
    return settled;
  }

  private final class Round {

    private final long end = System.nanoTime() + ROUND_NANOS;
    private final List<TakenMail> mine;
    private final List<TakenMail> done = new ArrayList<>();
    private final boolean full;
    private boolean away;

    Round(List<TakenMail> mine, int allowed) {
      this.mine = mine;
      this.full =
          mine.size() == allowed || Mails.fillMemory(mine.stream().map(TakenMail::mail).toList());
    }

    /** Returns whether more mails may be due. */
    boolean run() {
      if (full) {
        wake();
      }
      boolean written = false;
      try {
        if (!mine.isEmpty()) {
          delivery.begin();
        }
        for (TakenMail mail : mine) {
          if (away || !mayGoOn(mail.term())) {
            break;
          }
          if (mail.begin()) {
            done.add(mail);
            attempt(mail);
          }
        }
        int tried = done.size();
        mine.stream().filter(TakenMail::begin).forEach(done::add);
        settle(done);
        written = true;
        done.subList(tried, done.size()).forEach(taken::comeBackTo);
        return running && !away && (full || tried < mine.size());
      } finally {
        if (!written) {
          leave();
        }
      }
    }

    /** A process that was frozen sends nothing of what others may have taken over. */
    private boolean mayGoOn(Term term) {
      return running && System.nanoTime() < end && term.isValid();
    }

    private void attempt(TakenMail mail) {
      Span span = traces.begin(mail.mail());
      DeliveryResult outcome = null;
      try {
        outcome = delivery.attempt(mail.mail());
        mail.became(outcome);
        server.answered();
      } catch (ServerAway e) {
        away = true;
        server.failure(e);
        mail.became(DeliveryResult.notTried(mail.mail(), clock.instant()));
      } finally {
        traces.end(span, outcome);
      }
    }

    /**
     * What has an outcome is kept until that is written. What has none is in no thread's hand any
     * more: it is taken anew.
     */
    private void leave() {
      for (TakenMail mail : mine) {
        boolean begunHere = done.contains(mail) || mail.begin();
        if (begunHere && mail.hasOutcome()) {
          mail.leaveUnwritten();
        } else if (begunHere) {
          taken.forget(mail);
        }
      }
    }
  }
}
