package orderflow.mail;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import orderflow.mail.DueMail.Attempt;
import orderflow.platform.lease.Term;

/**
 * The mails that this instance has taken and not settled. A taking goes on in each lane where the
 * last one ended, and so steps over no mails that are taken already; once a second one begins anew,
 * and also takes what instances that are gone, or threads of this one, have left behind.
 */
final class TakenMails {

  private static final Duration FRESH_LOOK = Duration.ofSeconds(1);

  /** Mails that stand behind one that hangs go to another thread. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

  /** Before all times that PostgreSQL knows. */
  private static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");

  private final Mails mails;
  private final Map<Attempt, TakenMail> taken = new ConcurrentHashMap<>();
  private final Map<MailLane, AtomicReference<Instant>> positions = new EnumMap<>(MailLane.class);
  private final AtomicLong nextFreshLook = new AtomicLong(System.nanoTime());

  /** A fresh look finds in the table what no other thread is just taking. */
  private final ReadWriteLock looks = new ReentrantReadWriteLock();

  TakenMails(Mails mails) {
    this.mails = mails;
    for (MailLane lane : MailLane.values()) {
      positions.put(lane, new AtomicReference<>(BEGINNING));
    }
  }

  /** Takes some that are due, in the order in which they are to be sent. */
  List<TakenMail> take(Term term, Instant now, int atMost) {
    return isTimeForFreshLook() ? takeAnew(term, now, atMost) : takeOn(term, now, atMost);
  }

  /** Those whose rounds ended before their outcomes were written. */
  List<TakenMail> unwritten() {
    return taken.values().stream().filter(TakenMail::isUnwritten).toList();
  }

  /** It is settled, or to be taken anew. */
  void forget(TakenMail mail) {
    taken.remove(mail.attempt(), mail);
  }

  /** It is free again, and not to be passed over until the next fresh look. */
  void comeBackTo(TakenMail mail) {
    position(mail.mail().lane())
        .accumulateAndGet(mail.mail().dueAt(), (a, b) -> a.isBefore(b) ? a : b);
  }

  private boolean isTimeForFreshLook() {
    long now = System.nanoTime();
    long due = nextFreshLook.get();
    return now - due >= 0 && nextFreshLook.compareAndSet(due, now + FRESH_LOOK.toNanos());
  }

  private List<TakenMail> takeOn(Term term, Instant now, int atMost) {
    looks.readLock().lock();
    try {
      Map<MailLane, Instant> from = new EnumMap<>(MailLane.class);
      positions.forEach((lane, position) -> from.put(lane, position.get()));
      List<DueMail> due = mails.takeFrom(from, term.id(), now, atMost);
      due.forEach(
          mail ->
              position(mail.lane()).accumulateAndGet(mail.dueAt(), (a, b) -> a.isAfter(b) ? a : b));
      return keep(due, term);
    } finally {
      looks.readLock().unlock();
    }
  }

  private List<TakenMail> takeAnew(Term term, Instant now, int atMost) {
    looks.writeLock().lock();
    try {
      taken.values().removeIf(mail -> mail.waitsLongerThan(LONGEST_WAIT) && mail.begin());
      List<DueMail> inMemory = taken.values().stream().map(TakenMail::mail).toList();
      List<DueMail> due = mails.takeLeft(inMemory, term.id(), now, atMost);
      positions.values().forEach(position -> position.set(BEGINNING));
      due.forEach(mail -> position(mail.lane()).set(mail.dueAt()));
      return keep(due, term);
    } finally {
      looks.writeLock().unlock();
    }
  }

  /**
   * One that is in memory already is another thread's: a crash of the database can undo its taking.
   */
  private List<TakenMail> keep(List<DueMail> due, Term term) {
    return due.stream()
        .map(mail -> new TakenMail(mail, term))
        .filter(mail -> taken.putIfAbsent(mail.attempt(), mail) == null)
        .toList();
  }

  private AtomicReference<Instant> position(MailLane lane) {
    return Objects.requireNonNull(positions.get(lane));
  }
}
