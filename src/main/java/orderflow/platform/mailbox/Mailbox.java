package orderflow.platform.mailbox;

import jakarta.mail.internet.MimeMessage;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The newest mails the embedded SMTP server has taken, kept in memory only. */
public class Mailbox {

  private final int capacity;
  private final long mostBytes;
  private final Clock clock;
  private final Deque<ReceivedMail> newestFirst = new ArrayDeque<>();
  private long received;
  private long bytes;

  /**
   * @param capacity how many mails are kept; the oldest make room for new ones
   * @param mostBytes how large they may be together, the newest aside
   */
  public Mailbox(int capacity, long mostBytes, Clock clock) {
    if (capacity < 1) {
      throw new IllegalArgumentException("a mailbox keeps at least 1 mail, not " + capacity);
    }
    this.capacity = capacity;
    this.mostBytes = mostBytes;
    this.clock = clock;
  }

  public synchronized void keep(MimeMessage message) {
    ReceivedMail newest =
        new ReceivedMail(++received, clock.instant().truncatedTo(ChronoUnit.MILLIS), message);
    newestFirst.addFirst(newest);
    bytes += newest.size();
    while (newestFirst.size() > capacity || bytes > mostBytes && newestFirst.size() > 1) {
      bytes -= newestFirst.removeLast().size();
    }
  }

  /** How many mails were ever received, those no longer kept included. */
  public synchronized long received() {
    return received;
  }

  public synchronized int size() {
    return newestFirst.size();
  }

  /** Every mail still kept, newest first. */
  public List<ReceivedMail> mails() {
    return page(0, capacity);
  }

  public synchronized List<ReceivedMail> page(int skip, int limit) {
    return newestFirst.stream().skip(skip).limit(limit).toList();
  }

  public synchronized Optional<ReceivedMail> find(long id) {
    return newestFirst.stream().filter(mail -> mail.id() == id).findFirst();
  }
}
