package orderflow.platform.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.mock.env.MockEnvironment;

class SettingsCheckTest {

  /** Settings that operators know by a variable. */
  private static final Map<String, String> VARIABLES =
      Map.of(
          "orderflow.kafka.brokers", "KAFKA_BROKERS",
          "orderflow.smtp.host", "SMTP_HOST",
          "orderflow.smtp.port", "SMTP_PORT",
          "orderflow.smtp.security", "SMTP_SECURITY",
          "orderflow.mail.from", "MAIL_FROM",
          "orderflow.security.api-key", "ORDERFLOW_API_KEY");

  @TempDir Path folder;

  @Test
  void goodSettingsHaveNoFault() {
    assertThat(
            faults(
                "orderflow.kafka.brokers",
                "a.example:9092, [::1]:9093",
                "orderflow.smtp.host",
                "mail.example",
                "orderflow.smtp.port",
                "465",
                "orderflow.smtp.security",
                "tls",
                "spring.datasource.url",
                "jdbc:postgresql://db.example/orders?sslmode=require",
                "orderflow.security.api-key",
                "k".repeat(24)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server.port               | 70000             | SERVER_PORT must be a port from 0 to"
            + " 65535, not '70000'",
        "server.port               | http              | SERVER_PORT must be a port",
        "server.address            | 203.0.113.7       | HTTP cannot listen",
        "orderflow.kafka.brokers   | localhost         | KAFKA_BROKERS must look like"
            + " host:9092,host:9092, not 'localhost'",
        "orderflow.kafka.brokers   | a:9092,,b:9092    | KAFKA_BROKERS",
        "orderflow.kafka.brokers   | a:99999           | KAFKA_BROKERS",
        "orderflow.intake.writer-threads | 0           | orderflow.intake.writer-threads must be"
            + " greater than or equal to 1, not '0'",
        "orderflow.roles           | http, cook       | must be http, relay, consumers, mails,"
            + " imports or maintenance",
        "orderflow.roles           | ''                | orderflow.roles must",
        "orderflow.durability      | twice             | orderflow.durability must be local or"
            + " replicated, not 'twice'",
        "orderflow.database.pooler | odyssey           | orderflow.database.pooler must be auto,"
            + " none, session or transaction",
        "orderflow.intake.batch    | many              | orderflow.intake.batch must be a whole"
            + " number, not 'many'",
        "orderflow.intake.timeout  | ''                | orderflow.intake.timeout must be a time"
            + " with its unit, such as 200ms, 5s, 10m or 1d, not ''",
        "orderflow.intake.timeout  | soon              | orderflow.intake.timeout must be a time"
            + " with its unit",
        "orderflow.importing.poll-interval | PT5S    | orderflow.importing.poll-interval must be"
            + " a time with its unit",
        "orderflow.redelivery.timeout | 41s            | orderflow.redelivery.timeout must be"
            + " shorter than or equal to 40 seconds, not '41s'",
        "orderflow.importing.bulk-threshold | 2MB    | orderflow.importing.bulk-threshold must"
            + " be no more than orderflow.importing.large-threshold",
        "orderflow.importing.large-threshold | huge  | orderflow.importing.large-threshold must"
            + " be a size with its unit, such as 100KB or 1MB, not 'huge'",
        "orderflow.database.health.lock-timeout | -1s  | orderflow.database.health.lock-timeout"
            + " must be longer than or equal to",
        "orderflow.mail.time-zone  | Seoul             | orderflow.mail.time-zone must be a time"
            + " zone, such as Asia/Seoul, not 'Seoul'",
        "orderflow.smtp.host       | mail.example:25   | SMTP_HOST must be a host name or address"
            + " without a port, not 'mail.example:25'",
        "orderflow.smtp.security   | ''                | SMTP_SECURITY must be none, starttls or"
            + " tls, not ''",
        "orderflow.smtp.port       | 0                 | SMTP_PORT must be a port from 1 to 65535",
        "orderflow.smtp.security   | ssl               | SMTP_SECURITY must be none, starttls or"
            + " tls, not 'ssl'",
        "orderflow.mail.from       | nobody            | MAIL_FROM must be a mail address, not"
            + " 'nobody'",
        "orderflow.mail.from       | a b@example.com   | MAIL_FROM",
        "spring.datasource.url     | postgres://db/x   | SPRING_DATASOURCE_URL must look like"
            + " jdbc:postgresql://",
        "spring.datasource.url     | jdbc:postgresql://db:port/x | SPRING_DATASOURCE_URL",
        "orderflow.security.api-key | two words        | ORDERFLOW_API_KEY must be 24 or more"
            + " visible ASCII",
        "orderflow.security.api-key | 23-characters-are-short | ORDERFLOW_API_KEY must be 24 or"
            + " more visible ASCII",
        "orderflow.embedded.kafka.port | -1            | orderflow.embedded.kafka.port must be a"
            + " port from 0 to 65535"
      })
  void namesTheSettingAndWhatToChange(String setting, String value, String line) {
    assertThat(faults("orderflow.smtp.host", "mail.example", setting, value))
        .singleElement()
        .asString()
        .contains(line)
        .doesNotContain("\n");
  }

  @Test
  void aWrongMailPortIsNoBetterWithoutAHost() {
    assertThat(faults("orderflow.smtp.port", "x")).singleElement().asString().contains("SMTP_PORT");
    assertThat(faults("orderflow.smtp.port", "")).isEmpty();
  }

  @Test
  void namesEveryFaultAtOnceEachOnce() {
    assertThat(
            faults(
                "server.port", "x",
                "orderflow.kafka.brokers", "x",
                "orderflow.intake.writer-threads", "0",
                "orderflow.intake.batch", "x",
                "orderflow.importing.stable-for", "soon"))
        .hasSize(5);
  }

  @Test
  void namesAVariableAsTheOperatorWroteIt() {
    var environment = environment();
    environment
        .getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                Map.of("ORDERFLOW_INTAKE_QUEUECAPACITY", "0", "SMTP_PORT", "70000")));
    ConfigurationPropertySources.attach(environment);

    assertThat(SettingsCheck.faults(environment))
        .containsExactlyInAnyOrder(
            "ORDERFLOW_INTAKE_QUEUECAPACITY must be greater than or equal to 1, not '0'",
            "SMTP_PORT must be a port from 1 to 65535, not '70000'");
  }

  @Test
  void showsNoKeyAndNoPassword() {
    assertThat(
            faults(
                    "orderflow.security.api-key",
                    "secret word",
                    "spring.datasource.url",
                    "jdbc:mysql://db/x?password=secret")
                .toString())
        .doesNotContain("secret");
  }

  @Test
  void aFolderMustNotBeAFile() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(faults("orderflow.inbox", file.toString()))
        .singleElement()
        .asString()
        .startsWith("ORDERFLOW_INBOX " + file + " is no folder");
  }

  @Test
  void seesATakenHttpPortEarly() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThat(faults("server.port", "" + taken.getLocalPort()))
          .singleElement()
          .asString()
          .contains("HTTP cannot listen on port " + taken.getLocalPort())
          .contains("SERVER_PORT");
    }
  }

  private List<String> faults(String... settings) {
    var environment = environment();
    for (int i = 0; i < settings.length; i += 2) {
      environment.setProperty(VARIABLES.getOrDefault(settings[i], settings[i]), settings[i + 1]);
    }
    ConfigurationPropertySources.attach(environment);
    return SettingsCheck.faults(environment);
  }

  /** The jar's own settings, with places where nothing else is. */
  private MockEnvironment environment() {
    var environment =
        new MockEnvironment()
            .withProperty("server.port", "0")
            .withProperty("ORDERFLOW_DATA", folder.resolve("data").toString());
    try {
      environment
          .getPropertySources()
          .addLast(
              new YamlPropertySourceLoader()
                  .load("own", new ClassPathResource("application.yml"))
                  .get(0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return environment;
  }
}
