package orderflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import orderflow.platform.embedded.EmbeddedPart;
import orderflow.platform.embedded.EmbeddedServers;
import orderflow.platform.embedded.EmbeddedServersInitializer;
import orderflow.platform.embedded.EmbeddedSettings;
import orderflow.platform.embedded.FreePort;
import orderflow.platform.embedded.UnpackedPostgres;
import orderflow.platform.mailbox.Mailbox;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** The real servers for one test that stops them and starts them again, each where it was. */
public class RestartableServers
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  static final Server POSTGRES = new Server(EmbeddedPart.POSTGRES);
  static final Server KAFKA = new Server(EmbeddedPart.KAFKA);
  static final Server MAILBOX = new Server(EmbeddedPart.MAILBOX);

  /** A server that is not there until it is started. */
  public static final class Server {

    private final EmbeddedPart part;
    private final int port = FreePort.any();
    private final Path folder = newFolder();
    private final List<Mailbox> mailboxes = new ArrayList<>();
    private EmbeddedServers running;

    Server(EmbeddedPart part) {
      this.part = part;
      if (part == EmbeddedPart.POSTGRES) {
        UnpackedPostgres.linkInto(folder);
      }
    }

    public void start() {
      running =
          EmbeddedServers.start(
              EnumSet.of(part),
              folder,
              new EmbeddedSettings(
                  new EmbeddedSettings.Server(port),
                  new EmbeddedSettings.Server(port),
                  new EmbeddedSettings.MailboxServer(port, 100_000)),
              Clock.systemUTC());
      running.awaitKafka();
      mailboxes.add(running.mailbox());
    }

    public void stop() {
      running.close();
    }

    /** PostgreSQL's processes take no step until {@link #thaw}. */
    public void freeze() {
      signal("-STOP");
    }

    public void thaw() {
      signal("-CONT");
    }

    /** PostgreSQL's processes end at once, and are left to who watches over them. */
    public void kill() {
      ProcessHandle postmaster = postmaster();
      signal("-KILL");
      postmaster.onExit().join();
    }

    private ProcessHandle postmaster() {
      try {
        String pid = Files.readAllLines(folder.resolve("postgres/postmaster.pid")).get(0);
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void signal(String name) {
      try {
        ProcessHandle postmaster = postmaster();
        List<String> command = new ArrayList<>(List.of("kill", name));
        Stream.concat(Stream.of(postmaster), postmaster.descendants())
            .forEach(process -> command.add(String.valueOf(process.pid())));
        new ProcessBuilder(command).start().waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    for (Server server : List.of(POSTGRES, KAFKA, MAILBOX)) {
      server.start();
      Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
      TestPropertyValues.of(Map.of("orderflow.data", newFolder().toString())).applyTo(context);
      server
          .running
          .properties()
          .forEach((name, value) -> TestPropertyValues.of(name + "=" + value).applyTo(context));
    }
    EmbeddedServersInitializer.publish(MAILBOX.running, context);
  }

  /** The orders of all mails that were taken, before and after restarts. */
  public static List<String> mailedOrders() {
    return MAILBOX.mailboxes.stream()
        .flatMap(mailbox -> mailbox.mails().stream())
        .map(mail -> mail.header("X-Order-Id"))
        .flatMap(Optional::stream)
        .toList();
  }

  /** Puts a record on order.completed, as a system beside Orderflow would. */
  public static void publish(String value, String key) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(kafka(), new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>("order.completed", key, value));
    }
  }

  /** A connection to the database that no pool has. */
  public static Connection connect() throws SQLException {
    Map<String, Object> properties = POSTGRES.running.properties();
    return DriverManager.getConnection(
        (String) properties.get("spring.datasource.url"),
        (String) properties.get("spring.datasource.username"),
        (String) properties.get("spring.datasource.password"));
  }

  public static String brokers() {
    return (String) KAFKA.running.properties().get("orderflow.kafka.brokers");
  }

  private static Map<String, Object> kafka() {
    return Map.of("bootstrap.servers", brokers());
  }

  /**
   * Lets each client of Kafka read and write no more than this.
   *
   * @param bytesPerSecond null for no limit
   */
  public static void limitClientsOfKafka(Double bytesPerSecond) throws Exception {
    Map<String, String> everyClient = new HashMap<>();
    everyClient.put(ClientQuotaEntity.CLIENT_ID, null);
    try (Admin admin = Admin.create(kafka())) {
      admin
          .alterClientQuotas(
              List.of(
                  new ClientQuotaAlteration(
                      new ClientQuotaEntity(everyClient),
                      List.of(
                          new ClientQuotaAlteration.Op("producer_byte_rate", bytesPerSecond),
                          new ClientQuotaAlteration.Op("consumer_byte_rate", bytesPerSecond)))))
          .all()
          .get();
    }
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory(
          Files.createDirectories(Path.of("target/real-servers")), "restartable");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
