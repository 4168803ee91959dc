package orderflow.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import orderflow.Certificate;

/** A broker that speaks TLS alone, with those who log in as shop. */
public final class SecureKafka implements AutoCloseable {

  private final int port = Loopback.freePort();
  private final KafkaBroker broker;

  public SecureKafka() {
    try {
      Path folder =
          Files.createTempDirectory(Files.createDirectories(Path.of("target/secure-kafka")), "");
      broker =
          KafkaBroker.start(
              folder.resolve("kafka"),
              port,
              Map.of(
                  "listener.security.protocol.map", "PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT",
                  "sasl.enabled.mechanisms", "PLAIN",
                  "sasl.mechanism.inter.broker.protocol", "PLAIN",
                  "listener.name.plaintext.plain.sasl.jaas.config",
                      login("broker", "broker") + " user_broker=\"broker\" user_shop=\"secret\";",
                  "ssl.truststore.type", "PEM",
                  "ssl.truststore.location", Certificate.certificate().toString(),
                  "ssl.keystore.type", "PKCS12",
                  "ssl.keystore.location", Certificate.keyStore().toString(),
                  "ssl.keystore.password", Certificate.PASSWORD));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String address() {
    return "localhost:" + port;
  }

  /** What a client's settings need. */
  public static Map<String, String> client(String password) {
    return Map.of(
        "security.protocol", "SASL_SSL",
        "sasl.mechanism", "PLAIN",
        "sasl.jaas.config", login("shop", password) + ";",
        "ssl.truststore.type", "PEM",
        "ssl.truststore.location", Certificate.certificate().toString());
  }

  private static String login(String user, String password) {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\""
        + user
        + "\" password=\""
        + password
        + "\"";
  }

  @Override
  public void close() {
    broker.close();
  }
}
