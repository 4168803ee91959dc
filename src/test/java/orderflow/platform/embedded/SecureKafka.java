package orderflow.platform.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import orderflow.Certificate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

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
              Map.ofEntries(
                  Map.entry(
                      "listener.security.protocol.map", "PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT"),
                  Map.entry("sasl.enabled.mechanisms", "PLAIN"),
                  Map.entry("sasl.mechanism.inter.broker.protocol", "PLAIN"),
                  Map.entry(
                      "listener.name.plaintext.plain.sasl.jaas.config",
                      login("broker", "broker") + " user_broker=\"broker\" user_shop=\"secret\";"),
                  Map.entry(
                      "authorizer.class.name",
                      "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
                  Map.entry("super.users", "User:broker;User:ANONYMOUS"),
                  Map.entry("allow.everyone.if.no.acl.found", "true"),
                  Map.entry("ssl.truststore.type", "PEM"),
                  Map.entry("ssl.truststore.location", Certificate.certificate().toString()),
                  Map.entry("ssl.keystore.type", "PKCS12"),
                  Map.entry("ssl.keystore.location", Certificate.keyStore().toString()),
                  Map.entry("ssl.keystore.password", Certificate.PASSWORD)));
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

  /** Takes the right to write to a topic away from shop. */
  public void forbidToWrite(String topic) throws Exception {
    Map<String, Object> settings = new HashMap<>(client("secret"));
    settings.put("bootstrap.servers", address());
    try (Admin admin = Admin.create(settings)) {
      admin
          .createAcls(
              List.of(
                  new AclBinding(
                      new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                      new AccessControlEntry(
                          "User:shop", "*", AclOperation.WRITE, AclPermissionType.DENY))))
          .all()
          .get();
    }
  }

  @Override
  public void close() {
    broker.close();
  }
}
