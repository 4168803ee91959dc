package orderflow.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import orderflow.JavaProcess;
import org.springframework.util.FileSystemUtils;

/**
 * PostgreSQL, Kafka and a mail server as processes of their own on free ports of 127.0.0.1, and
 * instances of the packaged jar on them. All are stopped at the end, and their data is removed; the
 * logs stay in a folder below {@code target/bench}.
 */
final class Servers implements AutoCloseable {

  private final Path folder;
  private final Path jar;
  private final Deque<Server> newestFirst = new ArrayDeque<>();
  private final int kafkaPort = Ports.free();
  private final int smtpPort = Ports.free();

  final PostgresServer postgres;
  final JvmServer kafka;
  final JvmServer smtp;

  /** What the mail server has taken. */
  final Mails mails;

  private Servers(Path folder) throws IOException {
    this.folder = folder;
    // A copy, so that a build meanwhile does not take it away.
    this.jar =
        Files.copy(
            Path.of("target/orderflow.jar"),
            folder.resolve("orderflow.jar"),
            StandardCopyOption.REPLACE_EXISTING);
    this.postgres = new PostgresServer(folder.resolve("postgres"), Ports.free());
    this.kafka =
        new JvmServer(
            KafkaMain.class,
            "512m",
            folder.resolve("kafka.log"),
            folder.resolve("kafka"),
            kafkaPort);
    this.smtp =
        new JvmServer(
            SmtpSink.class, "256m", folder.resolve("smtp.log"), folder.resolve("smtp"), smtpPort);
    this.mails = new Mails(folder.resolve("smtp"));
  }

  /** Starts the three. */
  static Servers start(String benchmark) throws Exception {
    String now = LocalDateTime.now().format(DateTimeFormatter.ofPattern("MMdd-HHmmss"));
    Path folder = Files.createDirectories(Path.of("target/bench", benchmark + "-" + now));
    var servers = new Servers(folder.toAbsolutePath());
    Runtime.getRuntime().addShutdownHook(new Thread(servers::close));
    try {
      servers.start(servers.postgres);
      servers.start(servers.kafka);
      servers.start(servers.smtp);
      return servers;
    } catch (Exception e) {
      servers.close();
      throw e;
    }
  }

  /**
   * An instance of the packaged jar with 256 MB of heap, not started yet.
   *
   * @param name of its log and its data folder
   */
  OrderflowServer orderflow(String name, Map<String, String> settings) throws IOException {
    Map<String, String> environment = new HashMap<>(environment());
    environment.putAll(settings);
    var instance = new OrderflowServer(folder, name, Ports.free(), jar, environment);
    newestFirst.addFirst(instance);
    return instance;
  }

  /** Another program on these servers, not started yet. */
  OrderflowServer peer(Path program) throws IOException {
    Map<String, String> environment = new HashMap<>(environment());
    environment.put("SPRING_PROFILES_ACTIVE", "poller");
    var instance = new PeerServer(folder, "peer", Ports.free(), program, environment);
    newestFirst.addFirst(instance);
    return instance;
  }

  /** The variables that connect Orderflow to these servers. */
  Map<String, String> environment() {
    return Map.of(
        "SPRING_DATASOURCE_URL", postgres.url(),
        "SPRING_DATASOURCE_USERNAME", postgres.user(),
        "SPRING_DATASOURCE_PASSWORD", postgres.password(),
        "KAFKA_BROKERS", brokers(),
        "SMTP_HOST", Ports.ADDRESS,
        "SMTP_PORT", String.valueOf(smtpPort));
  }

  /** The broker's address. */
  String brokers() {
    return Ports.ADDRESS + ":" + kafkaPort;
  }

  int smtpPort() {
    return smtpPort;
  }

  Path folder() {
    return folder;
  }

  Path jar() {
    return jar;
  }

  /** The jar as its own tool lays it out on disk, its libraries beside it. */
  Path extractedJar() throws Exception {
    Path extracted = folder.resolve("extracted");
    if (Files.notExists(extracted)) {
      new ProcessBuilder(
              JavaProcess.JAVA,
              "-Djarmode=tools",
              "-jar",
              jar.toString(),
              "extract",
              "--destination",
              extracted.toString())
          .inheritIO()
          .start()
          .waitFor();
    }
    return extracted.resolve("orderflow.jar");
  }

  private void start(Server server) throws Exception {
    newestFirst.addFirst(server);
    server.start();
  }

  @Override
  public synchronized void close() {
    while (!newestFirst.isEmpty()) {
      try {
        newestFirst.removeFirst().close();
      } catch (Exception e) {
        System.err.println("did not stop cleanly: " + e);
      }
    }
    try {
      for (String data : new String[] {"postgres", "kafka", "smtp", "extracted", "orderflow.jar"}) {
        FileSystemUtils.deleteRecursively(folder.resolve(data));
      }
    } catch (IOException e) {
      System.err.println("could not be removed: " + e);
    }
  }
}
