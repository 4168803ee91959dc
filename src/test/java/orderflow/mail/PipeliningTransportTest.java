package orderflow.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.mail.MessagingException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import orderflow.mail.ScriptedSmtp.Script;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.ssl.SslBundles;

class PipeliningTransportTest {

  private final ScriptedSmtp smtp = new ScriptedSmtp();
  private final SmtpConnections connections =
      new SmtpConnections(
          new SmtpSettings(
              "127.0.0.1",
              smtp.port(),
              "",
              "",
              SmtpSettings.Security.NONE,
              "",
              "",
              Duration.ofSeconds(2),
              Duration.ofSeconds(5)),
          new StaticListableBeanFactory().getBeanProvider(SslBundles.class));

  @AfterEach
  void stop() {
    connections.destroy();
    smtp.close();
  }

  @Test
  void saysAMailsEnvelopeAtOnceWhereTheServerAllowsIt() throws MessagingException {
    smtp.script =
        new Script() {
          @Override
          public boolean answersInBlocks() {
            return true; // which ends in a time-out where each answer is waited for
          }
        };

    connections.send(mail("a@example.com"));
    connections.send(mail("b@example.com"));

    assertThat(smtp.recipients()).containsExactly("a@example.com", "b@example.com");
    assertThat(smtp.connections).hasValue(1);
  }

  @Test
  void waitsForEachAnswerWhereTheServerSaysNothingOfIt() {
    smtp.script =
        new Refusing() {
          @Override
          public String extensions() {
            return "250 here";
          }
        };

    assertThatThrownBy(() -> connections.send(mail("gone@example.com")))
        .isInstanceOf(MessagingException.class);

    assertThat(smtp.commands).contains("RCPT TO:<gone@example.com>", "RSET").doesNotContain("DATA");
  }

  @Test
  void aRefusedRecipientLeavesTheConnectionToTheNextMail() throws MessagingException {
    smtp.script = new Refusing();
    OutgoingMail refused = mail("gone@example.com");

    MessagingException failure =
        catchThrowableOfType(MessagingException.class, () -> connections.send(refused));
    connections.send(mail("b@example.com"));

    assertThat(SmtpFailure.of(failure, refused)).isEqualTo(SmtpFailure.REFUSED);
    assertThat(SmtpFailure.reason(failure, "gone@example.com")).isEqualTo("550 unknown");
    assertThat(smtp.recipients()).containsExactly("b@example.com");
    assertThat(smtp.connections).hasValue(1);
  }

  @Test
  void aRefusedSenderIsToldWithTheServersWords() {
    smtp.script =
        new Script() {
          @Override
          public String sender() {
            return "451 not now";
          }
        };
    OutgoingMail mail = mail("a@example.com");

    SMTPSendFailedException failure =
        catchThrowableOfType(SMTPSendFailedException.class, () -> connections.send(mail));

    assertThat(failure.getCommand()).startsWith("MAIL FROM:");
    assertThat(failure.getReturnCode()).isEqualTo(451);
    assertThat(SmtpFailure.of(failure, mail)).isEqualTo(SmtpFailure.AWAY);
  }

  @Test
  void aServerThatWouldTakeAMailForNobodyGetsNone() throws MessagingException {
    smtp.script =
        new Refusing() {
          @Override
          public String data(boolean recipientTaken) {
            return "354 go on";
          }
        };
    OutgoingMail refused = mail("gone@example.com");

    MessagingException failure =
        catchThrowableOfType(MessagingException.class, () -> connections.send(refused));
    connections.send(mail("b@example.com"));

    assertThat(SmtpFailure.of(failure, refused)).isEqualTo(SmtpFailure.REFUSED);
    assertThat(smtp.recipients()).containsExactly("b@example.com");
    assertThat(smtp.connections).hasValue(2);
  }

  private static class Refusing implements Script {
    @Override
    public String recipient(String address) {
      return address.startsWith("gone") ? "550 unknown" : "250 ok";
    }
  }

  private static OutgoingMail mail(String address) {
    return Events.mails(Path.of("target", "no-templates"))
        .write(
            Confirmation.read(
                Events.event(
                    UUID.randomUUID(), event -> Events.customer(event).put("email", address))));
  }
}
