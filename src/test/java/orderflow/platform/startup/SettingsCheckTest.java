package orderflow.platform.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

class SettingsCheckTest {

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
        "server.port               | 70000             | SERVER_PORT must be a port from 0 to 65535, not '70000'",
        "server.port               | http              | SERVER_PORT must be a port",
        "server.address            | 203.0.113.7       | HTTP cannot listen",
        "orderflow.kafka.brokers   | localhost         | KAFKA_BROKERS must look like host:9092,host:9092, and 'localhost' does not",
        "orderflow.kafka.brokers   | a:9092,,b:9092    | KAFKA_BROKERS",
        "orderflow.kafka.brokers   | a:99999           | KAFKA_BROKERS",
        "orderflow.smtp.port       | 0                 | SMTP_PORT must be a port from 1 to 65535",
        "orderflow.smtp.security   | ssl               | SMTP_SECURITY must be none, starttls or tls, not 'ssl'",
        "orderflow.mail.from       | nobody            | MAIL_FROM must be a mail address, not 'nobody'",
        "orderflow.mail.from       | a b@example.com   | MAIL_FROM",
        "spring.datasource.url     | postgres://db/x   | SPRING_DATASOURCE_URL must look like jdbc:postgresql://",
        "spring.datasource.url     | jdbc:postgresql://db:port/x | SPRING_DATASOURCE_URL",
        "orderflow.security.api-key | two words        | ORDERFLOW_API_KEY must be 24 or more visible ASCII",
        "orderflow.security.api-key | 23-characters-are-short | ORDERFLOW_API_KEY must be 24 or more visible ASCII",
        "orderflow.embedded.kafka.port | -1            | orderflow.embedded.kafka.port must be a port from 0 to 65535"
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
  void namesEveryFaultAtOnce() {
    assertThat(faults("server.port", "x", "orderflow.kafka.brokers", "x")).hasSize(2);
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
    var environment =
        new MockEnvironment()
            .withProperty("server.port", "0")
            .withProperty("server.address", "127.0.0.1")
            .withProperty("orderflow.data", folder.resolve("data").toString())
            .withProperty("orderflow.inbox", folder.resolve("data/inbox").toString())
            .withProperty("orderflow.smtp.port", "587")
            .withProperty("orderflow.smtp.security", "starttls")
            .withProperty("orderflow.mail.from", "orders@orderflow.example")
            .withProperty("orderflow.embedded.postgres.port", "0")
            .withProperty("orderflow.embedded.kafka.port", "0")
            .withProperty("orderflow.embedded.mailbox.port", "0");
    for (int i = 0; i < settings.length; i += 2) {
      environment.setProperty(settings[i], settings[i + 1]);
    }
    return SettingsCheck.faults(environment);
  }
}
