package orderflow.platform.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class MailboxTest {

  @Test
  void keepsNoMoreMailsThanItMay() throws Exception {
    Mailbox mailbox = new Mailbox(2, 1_000, Clock.systemUTC());
    receive(mailbox, 1, 1, 1);
    assertThat(mailbox.mails()).extracting(ReceivedMail::id).containsExactly(3L, 2L);
  }

  @Test
  void keepsNoMoreBytesThanItMayAndTheNewestAlways() throws Exception {
    Mailbox mailbox = new Mailbox(10, 1_000, Clock.systemUTC());
    receive(mailbox, 400, 400, 400);
    assertThat(mailbox.mails()).extracting(ReceivedMail::id).containsExactly(3L, 2L);
    receive(mailbox, 1_001);
    assertThat(mailbox.mails()).extracting(ReceivedMail::id).containsExactly(4L);
    receive(mailbox, 1_000);
    assertThat(mailbox.mails()).extracting(ReceivedMail::id).containsExactly(5L);
    assertThat(mailbox.received()).isEqualTo(5);
  }

  private static void receive(Mailbox mailbox, int... sizes) throws MessagingException {
    for (int size : sizes) {
      byte[] mail = ("Subject: a mail\r\n\r\n" + "x".repeat(size)).getBytes(StandardCharsets.UTF_8);
      Session session = Session.getInstance(new Properties());
      mailbox.keep(new MimeMessage(session, new ByteArrayInputStream(mail)));
    }
  }
}
