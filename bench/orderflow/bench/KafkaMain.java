package orderflow.bench;

import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import orderflow.platform.embedded.EmbeddedPart;
import orderflow.platform.embedded.EmbeddedServers;

/** The embedded Kafka broker as a program of its own. */
final class KafkaMain {

  private KafkaMain() {}

  public static void main(String[] arguments) throws Exception {
    var servers =
        EmbeddedServers.start(
            EnumSet.of(EmbeddedPart.KAFKA),
            Path.of(arguments[0]),
            Ports.embedded(Integer.parseInt(arguments[1])),
            Clock.systemUTC());
    servers.awaitKafka();
    Runtime.getRuntime().addShutdownHook(new Thread(servers::close));
    JvmServer.untilEndOfInput();
    System.out.println("ready");
  }
}
