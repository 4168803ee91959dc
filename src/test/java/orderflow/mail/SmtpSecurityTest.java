package orderflow.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import javax.net.ssl.SSLHandshakeException;
import orderflow.Certificate;
import orderflow.mail.SmtpSettings.Security;
import orderflow.platform.startup.StartupException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** Sends to servers that insist on TLS and a login. */
class SmtpSecurityTest {

  private static final String TRUSTED = "mail";

  private SmtpConnections connections;

  @AfterEach
  void close() {
    if (connections != null) {
      connections.destroy();
    }
  }

  @Test
  void starttlsEncryptsBeforeTheLoginAndTheMail() throws Exception {
    try (StartTlsSmtp server = new StartTlsSmtp(true)) {
      connect(server.port(), Security.STARTTLS, "secret", TRUSTED);
      connections.send(mail());
      connections.send(mail());

      assertThat(server.commands)
          .containsExactly(
              "clear EHLO",
              "clear STARTTLS",
              "secure EHLO",
              "secure AUTH",
              "secure MAIL",
              "secure RCPT",
              "secure DATA",
              "secure MAIL",
              "secure RCPT",
              "secure DATA");
    }
  }

  @Test
  void starttlsSendsNothingToAServerWithoutIt() {
    try (StartTlsSmtp server = new StartTlsSmtp(false)) {
      connect(server.port(), Security.STARTTLS, "secret", TRUSTED);

      assertAway("STARTTLS is required");
      assertThat(server.commands).doesNotContain("clear AUTH", "clear MAIL");
    }
  }

  @Test
  void aCertificateThatNobodyTrustsIsRefused() {
    try (StartTlsSmtp server = new StartTlsSmtp(true)) {
      connect(server.port(), Security.STARTTLS, "secret", "");

      assertThatThrownBy(() -> connections.send(mail()))
          .isInstanceOf(MessagingException.class)
          .hasCauseInstanceOf(SSLHandshakeException.class);
      assertThat(server.commands).containsExactly("clear EHLO", "clear STARTTLS");
    }
  }

  @Test
  void aWrongPasswordIsNoMailsFault() throws Exception {
    try (StartTlsSmtp server = new StartTlsSmtp(true)) {
      connect(server.port(), Security.STARTTLS, "wrong", TRUSTED);
      MimeMessage mail = mail();

      assertThatThrownBy(() -> connections.send(mail))
          .isInstanceOfSatisfying(
              AuthenticationFailedException.class,
              e -> assertThat(SmtpFailure.of(e, mail)).isEqualTo(SmtpFailure.SENDER_REFUSED));
    }
  }

  @Test
  void tlsFromTheFirstByteWithALogin() throws Exception {
    System.setProperty("greenmail.tls.keystore.file", Certificate.keyStore().toString());
    System.setProperty("greenmail.tls.keystore.password", Certificate.PASSWORD);
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS));
    try {
      server.setUser("shop@example.com", "shop", "secret");
      server.start();
      connect(server.getSmtps().getPort(), Security.TLS, "secret", TRUSTED);
      connections.send(mail());
      assertThat(server.getReceivedMessages()).hasSize(1);

      connections.destroy();
      connect(server.getSmtps().getPort(), Security.TLS, "wrong", TRUSTED);
      assertThatThrownBy(() -> connections.send(mail()))
          .isInstanceOf(AuthenticationFailedException.class);
      connect(server.getSmtps().getPort(), Security.TLS, "secret", "");
      assertThatThrownBy(() -> connections.send(mail()))
          .hasCauseInstanceOf(SSLHandshakeException.class);
    } finally {
      server.stop();
      System.clearProperty("greenmail.tls.keystore.file");
      System.clearProperty("greenmail.tls.keystore.password");
    }
  }

  @Test
  void aBundleThatIsNotThereStopsTheStart() {
    assertThatThrownBy(() -> connect(25, Security.TLS, "secret", "nobody"))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("orderflow.smtp.ssl-bundle nobody");
  }

  private void assertAway(String words) {
    assertThatThrownBy(() -> connections.send(mail()))
        .isInstanceOf(MessagingException.class)
        .hasMessageContaining(words);
  }

  private void connect(int port, Security security, String password, String bundle) {
    SslBundles bundles =
        new DefaultSslBundleRegistry(
            TRUSTED,
            SslBundle.of(
                new PemSslStoreBundle(
                    null,
                    PemSslStoreDetails.forCertificate(
                        Certificate.certificate().toUri().toString()))));
    SmtpSettings settings =
        new SmtpSettings(
            "localhost",
            port,
            "shop",
            password,
            security,
            "",
            bundle,
            Duration.ofSeconds(30),
            Duration.ofSeconds(30));
    connections =
        new SmtpConnections(
            settings,
            new StaticListableBeanFactory(Map.of("bundles", bundles))
                .getBeanProvider(SslBundles.class));
  }

  private static MimeMessage mail() throws MessagingException {
    MimeMessage mail = new MimeMessage(Session.getInstance(new Properties()));
    mail.setFrom(new InternetAddress("orders@orderflow.example"));
    mail.setRecipient(Message.RecipientType.TO, new InternetAddress("minji@example.com"));
    mail.setText("hello");
    mail.saveChanges();
    return mail;
  }
}
