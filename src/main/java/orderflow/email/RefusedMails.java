package orderflow.email;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells a refusal that is about one mail after all from one that is about the sender, as which the
 * server gave it: some servers say of a recipient's own rules what others say of a missing right. A
 * mail that is refused, and again after another one was taken, has only itself to blame.
 */
final class RefusedMails {

  private static final int MOST = 10_000;

  private record Mail(java.util.UUID orderId, String kind) {}

  /** By when they were refused, counted in mails taken. */
  private final Map<Mail, Long> refused =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Mail, Long> eldest) {
          return size() > MOST;
        }
      };

  private long taken;

  synchronized void anotherWasTaken() {
    taken++;
  }

  /** Notes that a mail was refused, and returns whether the fault is its own. */
  synchronized boolean isItsOwn(DueMail mail) {
    Mail key = new Mail(mail.orderId(), mail.kind());
    Long before = refused.get(key);
    if (before == null) {
      refused.put(key, taken);
    }
    return before != null && taken > before;
  }
}
