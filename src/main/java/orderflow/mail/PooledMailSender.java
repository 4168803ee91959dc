package orderflow.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import org.apache.camel.component.mail.DefaultJavaMailSender;
import org.springframework.stereotype.Component;

/** Lets camel-mail send over connections that stay open; its own sender connects for each mail. */
@Component("pooledMailSender")
class PooledMailSender extends DefaultJavaMailSender {

  private final SmtpConnections connections;

  PooledMailSender(SmtpConnections connections) {
    this.connections = connections;
  }

  @Override
  public void send(MimeMessage mail) throws MessagingException {
    connections.send(mail);
  }
}
