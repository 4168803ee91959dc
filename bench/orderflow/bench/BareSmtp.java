package orderflow.bench;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A mail that Orderflow has sent, again and again over two connections that stay open. */
final class BareSmtp implements AutoCloseable {

  private static final int CONNECTIONS = 2;

  private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
  private final List<Transport> connections = new ArrayList<>();
  private final MimeMessage mail;

  BareSmtp(Servers servers) throws Exception {
    // Angus Mail would look it up for every mail.
    System.setProperty(
        "jakarta.mail.util.StreamProvider", "org.eclipse.angus.mail.util.MailStreamProvider");
    Session session = Session.getInstance(new Properties());
    byte[] sample = Files.readAllBytes(servers.folder().resolve("smtp").resolve(SmtpSink.SAMPLE));
    mail = new MimeMessage(session, new ByteArrayInputStream(sample));
    for (int i = 0; i < CONNECTIONS; i++) {
      Transport connection = session.getTransport("smtp");
      connection.connect(Ports.ADDRESS, servers.smtpPort(), null, null);
      connections.add(connection);
    }
  }

  Void send(int count) throws Exception {
    List<Future<?>> senders = new ArrayList<>();
    for (Transport connection : connections) {
      senders.add(threads.submit(() -> send(connection, count / CONNECTIONS)));
    }
    for (Future<?> sender : senders) {
      sender.get();
    }
    return null;
  }

  private Void send(Transport connection, int count) throws MessagingException {
    Address[] recipient = {new InternetAddress("customer@example.com")};
    for (int i = 0; i < count; i++) {
      connection.sendMessage(mail, recipient);
    }
    return null;
  }

  @Override
  public void close() throws MessagingException {
    threads.shutdown();
    for (Transport connection : connections) {
      connection.close();
    }
  }
}
