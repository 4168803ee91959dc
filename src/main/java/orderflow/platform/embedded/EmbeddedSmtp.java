package orderflow.platform.embedded;

import com.icegreen.greenmail.mail.MovingMessage;
import com.icegreen.greenmail.user.UserImpl;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.util.Map;
import orderflow.platform.mailbox.Mailbox;

/** An SMTP server that takes every mail for everybody and hands it to the mailbox. */
class EmbeddedSmtp implements EmbeddedServer {

  // A client may hold its connection open between two mails.
  private static final int IDLE_CONNECTION_MS = 10 * 60 * 1000;

  private final GreenMail server;

  private EmbeddedSmtp(GreenMail server) {
    this.server = server;
  }

  static EmbeddedSmtp start(int port, Mailbox mailbox) {
    var server = new GreenMail(new ServerSetup(port, Loopback.ADDRESS, ServerSetup.PROTOCOL_SMTP));
    server.start();
    server.getSmtp().setClientSocketTimeout(IDLE_CONNECTION_MS);
    // GreenMail's own store makes a user of each recipient and keeps every mail for ever.
    var everybody = new Everybody(mailbox);
    server.getUserManager().setMessageDeliveryHandler((message, recipient) -> everybody);
    return new EmbeddedSmtp(server);
  }

  @Override
  public Map<String, Object> properties() {
    return Map.of(
        "orderflow.smtp.host",
        Loopback.ADDRESS,
        "orderflow.smtp.port",
        server.getSmtp().getPort(),
        "orderflow.smtp.security",
        "none",
        "orderflow.smtp.username",
        "",
        "orderflow.smtp.password",
        "",
        "orderflow.embedded.mailbox.active",
        true);
  }

  @Override
  public void close() {
    server.stop();
  }

  private static class Everybody extends UserImpl {

    private final Mailbox mailbox;

    Everybody(Mailbox mailbox) {
      super("everybody", "everybody", "", null);
      this.mailbox = mailbox;
    }

    @Override
    public void deliver(MovingMessage message) {
      mailbox.keep(message.getMessage());
    }
  }
}
