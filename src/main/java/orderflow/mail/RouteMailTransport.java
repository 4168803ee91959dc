package orderflow.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.springframework.stereotype.Component;

/** Hands mails to the route that sends them. */
@Component
class RouteMailTransport implements MailTransport {

  static final String ENDPOINT = "direct:send-mail";

  private final ProducerTemplate routes;

  RouteMailTransport(ProducerTemplate routes) {
    this.routes = routes;
  }

  @Override
  public void send(MimeMessage mail) throws MessagingException {
    Exchange sent = routes.send(ENDPOINT, exchange -> exchange.getMessage().setBody(mail));
    if (sent.getException() instanceof MessagingException refused) {
      throw refused;
    }
    if (sent.getException() != null) {
      throw new IllegalStateException("the mail route can't be used", sent.getException());
    }
  }
}
