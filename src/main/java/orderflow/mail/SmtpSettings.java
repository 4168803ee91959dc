package orderflow.mail;

import java.time.Duration;
import java.util.Properties;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The mail server.
 *
 * @param sslBundle the SSL bundle that says whom to trust; empty: what the JDK trusts
 * @param username empty where the server asks for no login
 * @param connectTimeout for the TCP connection
 * @param replyTimeout for each reply of the server, and for each piece written to it
 */
@ConfigurationProperties("orderflow.smtp")
record SmtpSettings(
    @DefaultValue("localhost") String host,
    @DefaultValue("25") int port,
    @DefaultValue("") String username,
    @DefaultValue("") String password,
    @DefaultValue("none") Security security,
    @DefaultValue("") String sslBundle,
    @DefaultValue("5s") Duration connectTimeout,
    @DefaultValue("15s") Duration replyTimeout) {

  /** How the connection is protected. */
  enum Security {
    NONE,
    /** Refuses to send without it. */
    STARTTLS,
    TLS
  }

  /** For Jakarta Mail. */
  Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("mail.transport.protocol", "smtp");
    properties.setProperty("mail.smtp.connectiontimeout", Long.toString(connectTimeout.toMillis()));
    properties.setProperty("mail.smtp.timeout", Long.toString(replyTimeout.toMillis()));
    properties.setProperty("mail.smtp.writetimeout", Long.toString(replyTimeout.toMillis()));
    properties.setProperty("mail.smtp.auth", Boolean.toString(!username.isEmpty()));
    boolean starttls = security == Security.STARTTLS;
    properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(starttls));
    properties.setProperty("mail.smtp.starttls.required", Boolean.toString(starttls));
    properties.setProperty("mail.smtp.ssl.enable", Boolean.toString(security == Security.TLS));
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    return properties;
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
