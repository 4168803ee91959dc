package orderflow.mail;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds the mails that are themselves the reason of a refusal which the server words as one of the
 * sender: some servers say of a recipient's own rules what others say of a missing right. A mail
 * that is refused, and again after another one was taken, is such a mail.
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
