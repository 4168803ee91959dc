package orderflow.mail;

import java.nio.charset.StandardCharsets;
import orderflow.consumer.EventRecord;
import orderflow.consumer.RecordCheck;
import org.springframework.stereotype.Component;

/** Writes the mail that a record asks for, and sends it nowhere. */
@Component
class MailCheck implements RecordCheck {

  private final MailQueue queue;
  private final OrderMails mails;

  MailCheck(MailQueue queue, OrderMails mails) {
    this.queue = queue;
    this.mails = mails;
  }

  @Override
  public String consumer() {
    return MailQueue.NAME;
  }

  @Override
  public String check(EventRecord record) {
    QueuedMail asked = queue.read(record);
    if (asked == null) {
      return "there is no address to write to";
    }
    byte[] event = asked.event().getBytes(StandardCharsets.UTF_8);
    if (MailKind.of(asked.kind()) == MailKind.CONFIRMATION) {
      mails.write(Confirmation.read(event));
    } else {
      mails.write(asked.kind(), ReversalNotice.read(event));
    }
    return "the mail can be written";
  }
}
