package orderflow.mail;

import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Properties;
import org.hibernate.validator.constraints.Range;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The mail server.
 *
 * @param sslBundle the SSL bundle that says whom to trust; empty: what the JDK trusts
 * @param port an SMTP_PORT that is set but empty counts as not set
 * @param username empty where the server asks for no login
 * @param helo the name that this host gives in EHLO; empty: its full name, or its address
 * @param connectTimeout for the TCP connection
 * @param replyTimeout for each reply of the server, and for each piece written to it
 */
@Validated
@ConfigurationProperties("orderflow.smtp")
record SmtpSettings(
    @Pattern(
            regexp = "[^:\\s]*|\\S*:\\S*:\\S*",
            message = "must be a host name or address without a port")
        String host,
    @DefaultValue("25") @Range(min = 1, max = 65_535, message = "must be a port from 1 to 65535")
        Integer port,
    String username,
    String password,
    Security security,
    @Pattern(
            regexp = "[!-~]{0,255}",
            message = "must be a host name or an address literal such as [192.0.2.7]")
        String helo,
    String sslBundle,
    @DurationMin(millis = 1) Duration connectTimeout,
    @DurationMin(millis = 1) Duration replyTimeout) {

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
    // Says goodbye without waiting for the answer: a server that hangs would hold the sender up.
    properties.setProperty("mail.smtp.quitwait", "false");
    properties.setProperty("mail.smtp.auth", Boolean.toString(!username.isEmpty()));
    properties.setProperty("mail.smtp.localhost", helo.isEmpty() ? HostName.ofThisHost() : helo);
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
