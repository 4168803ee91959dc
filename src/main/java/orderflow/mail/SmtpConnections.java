package orderflow.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import orderflow.platform.startup.StartupException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;

/**
 * SMTP connections that are used again; as many as there are mails sent at the same time. There is
 * no thread behind them: smtp-connection-pool's two look around every 5 and 10 ms, and it connects
 * and sends a NOOP a mail under one lock for all.
 */
@Component
public class SmtpConnections implements DisposableBean {

  /**
   * Servers close what is idle for minutes; after this long one is asked before it is used again.
   */
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);

  private record Idle(Transport transport, long since) {}

  private final SmtpSettings settings;
  private final Session session;
  private final ConcurrentLinkedDeque<Idle> idle = new ConcurrentLinkedDeque<>();
  private final ScheduledExecutorService timeouts;

  SmtpConnections(SmtpSettings settings, ObjectProvider<SslBundles> bundles) {
    this.settings = settings;
    this.timeouts = timeouts(settings.replyTimeout());
    Properties properties = settings.properties();
    properties.put("mail.smtp.executor.writetimeout", timeouts);
    properties.put("mail.smtp.socketFactory", new PromptSockets());
    properties.put("mail.smtp.socketFactory.fallback", "false");
    if (!settings.sslBundle().isEmpty()) {
      properties.put(
          "mail.smtp.ssl.socketFactory", socketFactory(settings.sslBundle(), bundles.getObject()));
    }
    this.session = Session.getInstance(properties);
  }

  /**
   * Sends a mail over a connection that is there, or a new one.
   *
   * @throws MessagingException what the server or the connection to it said instead of taking it
   */
  public void send(MimeMessage mail) throws MessagingException {
    Transport used = idle();
    if (used == null) {
      send(mail, connect());
      return;
    }
    try {
      send(mail, used);
    } catch (MessagingException e) {
      // Servers end a connection after so many mails, or minutes: that says nothing about this
      // mail.
      if (SmtpFailure.of(e, mail) != SmtpFailure.AWAY) {
        throw e;
      }
      closeIdle();
      send(mail, connect());
    }
  }

  @Override
  public void destroy() {
    closeIdle();
    timeouts.shutdownNow();
  }

  /**
   * Where Angus Mail has the end of each write's time told, four times a mail. What comes first in
   * the queue is always the tick, so that none of those wakes the thread.
   */
  private static ScheduledExecutorService timeouts(Duration timeout) {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "smtp-timeouts");
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    long tick = Math.max(1, timeout.toMillis() / 2);
    executor.scheduleAtFixedRate(() -> {}, tick, tick, TimeUnit.MILLISECONDS);
    return executor;
  }

  private static SSLSocketFactory socketFactory(String bundle, SslBundles bundles) {
    try {
      return bundles.getBundle(bundle).createSslContext().getSocketFactory();
    } catch (NoSuchSslBundleException | IllegalStateException e) {
      throw new StartupException(
          "orderflow.smtp.ssl-bundle " + bundle + " can't be used: " + e.getMessage(), e);
    }
  }

  private void send(MimeMessage mail, Transport transport) throws MessagingException {
    boolean usable = false;
    try {
      transport.sendMessage(mail, mail.getAllRecipients());
      usable = true;
    } catch (MessagingException e) {
      // What a server refuses us it may allow a new connection, with a new login.
      usable = SmtpFailure.of(e, mail) != SmtpFailure.SENDER_REFUSED && transport.isConnected();
      throw e;
    } finally {
      if (usable) {
        idle.addFirst(new Idle(transport, System.nanoTime()));
      } else {
        close(transport);
      }
    }
  }

  private Transport connect() throws MessagingException {
    Transport transport = new PipeliningTransport(session);
    if (settings.username().isEmpty()) {
      transport.connect(settings.host(), settings.port(), null, null);
    } else {
      transport.connect(settings.host(), settings.port(), settings.username(), settings.password());
    }
    return transport;
  }

  private @Nullable Transport idle() {
    for (Idle next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
      if (System.nanoTime() - next.since() < FRESH_NANOS || next.transport().isConnected()) {
        return next.transport();
      }
      close(next.transport());
    }
    return null;
  }

  private void closeIdle() {
    for (Idle next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
      close(next.transport());
    }
  }

  private static void close(Transport transport) {
    try {
      transport.close();
    } catch (MessagingException e) {
      // it was lost already
    }
  }
}
