package orderflow.email;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import orderflow.background.Outage;

/**
 * Whether the mail server is there: while it is away, one mail at a time asks whether it is back.
 */
final class MailServer {

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Outage outage;
  private boolean away;
  private boolean asking;
  private long askAgainAt;

  MailServer(String address) {
    this.outage = new Outage("Mail server " + address);
  }

  /** How many mails may be tried now; whoever asked calls {@link #done} after them. */
  synchronized int allows(int mails) {
    if (!away) {
      return mails;
    }
    if (asking || System.nanoTime() < askAgainAt) {
      return 0;
    }
    asking = true;
    return 1;
  }

  synchronized void answered() {
    outage.over();
    away = false;
  }

  synchronized void isAway(Throwable reason) {
    if (away && !asking) {
      return; // several noticed it
    }
    away = true;
    int attempts = outage.failed(reason);
    long seconds = Math.min(LONGEST_PAUSE.toSeconds(), 1L << Math.min(attempts - 1, 10));
    askAgainAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  synchronized void done() {
    asking = false;
  }
}
