package orderflow.bench;

import java.nio.file.Path;
import java.util.EnumSet;
import orderflow.embedded.EmbeddedServers;
import orderflow.embedded.Part;

/** The embedded Kafka broker as a program of its own. */
final class KafkaMain {

  private KafkaMain() {}

  public static void main(String[] arguments) throws Exception {
    var servers =
        EmbeddedServers.start(
            EnumSet.of(Part.KAFKA),
            Path.of(arguments[0]),
            Ports.embedded(Integer.parseInt(arguments[1])),
            java.time.Clock.systemUTC());
    servers.awaitKafka();
    Runtime.getRuntime().addShutdownHook(new Thread(servers::close));
    System.out.println("ready");
    System.in.transferTo(java.io.OutputStream.nullOutputStream());
    System.exit(0);
  }
}
