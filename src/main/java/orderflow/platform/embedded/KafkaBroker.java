package orderflow.platform.embedded;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import orderflow.platform.startup.StartupException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * One Kafka broker that is its own controller (KRaft), in this process, with its log in a folder.
 */
class KafkaBroker implements EmbeddedServer {

  private static final int NODE_ID = 1;
  private static final String CONTROLLER = "CONTROLLER";

  private final KafkaRaftServer server;
  private final int port;

  private KafkaBroker(KafkaRaftServer server, int port) {
    this.server = server;
    this.port = port;
  }

  static KafkaBroker start(Path folder, int port) throws IOException {
    return start(folder, port, Map.of());
  }

  /**
   * Starts one.
   *
   * @param more settings that win over its own
   */
  static KafkaBroker start(Path folder, int port, Map<String, String> more) throws IOException {
    if (folder.toString().contains(",")) {
      throw new StartupException(
          "Kafka takes no folder with a comma in its path, as "
              + folder
              + " has:"
              + " set ORDERFLOW_DATA to another one");
    }
    // Kafka folds its settings by this locale: in Turkish, CLASSIC has another i.
    Locale.setDefault(Locale.ENGLISH);
    Properties settings = settings(folder, port, Loopback.freePort());
    settings.putAll(more);
    format(folder, settings);
    var server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
    server.startup();
    return new KafkaBroker(server, port);
  }

  @Override
  public Map<String, Object> properties() {
    return properties(port);
  }

  /** Where the broker will be when it has started. */
  static Map<String, Object> properties(int port) {
    return Map.of(
        "orderflow.kafka.brokers",
        Loopback.ADDRESS + ":" + port,
        "orderflow.embedded.kafka.active",
        true);
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  private static void format(Path folder, Properties settings) throws IOException {
    if (Files.exists(folder.resolve("meta.properties"))) {
      return;
    }
    hideFromOthers(Files.createDirectories(folder));
    Path file = folder.resolveSibling("kafka.properties");
    try (OutputStream out = Files.newOutputStream(file)) {
      settings.store(out, null);
    }
    var words = new ByteArrayOutputStream();
    int exit =
        StorageTool.execute(
            new String[] {
              "format",
              "--ignore-formatted",
              "--cluster-id",
              Uuid.randomUuid().toString(),
              "--config",
              file.toString()
            },
            new PrintStream(words));
    if (exit != 0) {
      throw new IOException("its storage could not be formatted: " + words);
    }
    Files.delete(file);
  }

  /** The log bears customers' names and addresses; PostgreSQL hides its own folder. */
  private static void hideFromOthers(Path folder) {
    File file = folder.toFile();
    file.setReadable(false, false);
    file.setReadable(true, true);
    file.setExecutable(false, false);
    file.setExecutable(true, true);
  }

  private static Properties settings(Path folder, int port, int controllerPort) {
    String controller = Loopback.ADDRESS + ":" + controllerPort;
    var settings = new Properties();
    settings.putAll(
        Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", Integer.toString(NODE_ID)),
            Map.entry(
                "listeners",
                "PLAINTEXT://"
                    + Loopback.ADDRESS
                    + ":"
                    + port
                    + ","
                    + CONTROLLER
                    + "://"
                    + controller),
            Map.entry(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT"),
            Map.entry("controller.listener.names", CONTROLLER),
            Map.entry("controller.quorum.voters", NODE_ID + "@" + controller),
            Map.entry("log.dirs", folder.toString()),
            // Topics are made on purpose, with their partitions.
            Map.entry("auto.create.topics.enable", "false"),
            // One broker: one copy of everything.
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "5"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "5"),
            // A broker started again after a kill is let in when its former life has timed out:
            // soon.
            Map.entry("broker.session.timeout.ms", "3000"),
            Map.entry("broker.heartbeat.interval.ms", "1000"),
            // A consumer group of this machine is complete as soon as its first member is there.
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            // Sized for a laptop: the log cleaner alone would take 128 MB of heap.
            Map.entry("log.cleaner.threads", "1"),
            Map.entry("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024)),
            Map.entry("log.segment.bytes", Integer.toString(128 * 1024 * 1024)),
            Map.entry("num.network.threads", "1"),
            Map.entry("num.io.threads", "2"),
            Map.entry("background.threads", "2"),
            // The controller would otherwise write an empty record twice a second, day and night.
            Map.entry("metadata.max.idle.interval.ms", "0")));
    return settings;
  }
}
