package orderflow.platform.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import orderflow.platform.mailbox.ReceivedMail;
import orderflow.platform.startup.StartupException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedServersTest {

  private static final Set<EmbeddedPart> ALL = EnumSet.allOf(EmbeddedPart.class);

  private Path folder;

  @BeforeEach
  void makeFolder() throws Exception {
    Path target = Files.createDirectories(Path.of("target/embedded servers"));
    folder = Files.createTempDirectory(target, "주문 ");
    UnpackedPostgres.linkInto(folder);
  }

  @Test
  void secondStartFindsTheDataOfTheFirst() throws Exception {
    try (EmbeddedServers servers = start(ALL, anyPort())) {
      execute(servers, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('있다')");
      produce(servers, "kept", "있다");
    }
    try (EmbeddedServers servers = start(ALL, anyPort())) {
      assertThat(query(servers, "SELECT word FROM kept")).isEqualTo("있다");
      assertThat(consume(servers, "kept")).isEqualTo("있다");
    }
  }

  @Test
  void anOrphanedPostgresIsStoppedAndItsCommitsAreThere() throws Exception {
    PostgresServer orphan = PostgresServer.start(folder, Loopback.freePort());
    execute(orphan.properties(), "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('x')");
    int orphansPort =
        Integer.parseInt(Files.readAllLines(folder.resolve("postgres/postmaster.pid")).get(3));
    assertThat(Loopback.isFree(orphansPort)).isFalse();
    PostgresServer.stopOrphan(folder);
    assertThat(Loopback.isFree(orphansPort)).isTrue();
    PostgresServer successor = PostgresServer.start(folder, orphansPort);
    try {
      assertThat(query(successor.properties(), "SELECT word FROM kept")).isEqualTo("x");
    } finally {
      successor.close();
    }
  }

  @Test
  void aPostgresThatIsKilledIsStartedAgainAndHasWhatWasCommitted() throws Exception {
    try (EmbeddedServers servers = start(Set.of(EmbeddedPart.POSTGRES), anyPort())) {
      execute(servers, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('x')");
      ProcessHandle killed = postmaster();
      killed.destroyForcibly();
      killed.onExit().get();

      await().ignoreExceptions().until(() -> query(servers, "SELECT word FROM kept").equals("x"));
    }
    assertThat(folder.resolve("postgres/postmaster.pid")).doesNotExist();
  }

  private ProcessHandle postmaster() throws Exception {
    return ProcessHandle.of(
            Long.parseLong(Files.readAllLines(folder.resolve("postgres/postmaster.pid")).get(0)))
        .orElseThrow();
  }

  @Test
  void aPidFileThatNamesAnotherProcessIsNoServer() throws Exception {
    start(Set.of(EmbeddedPart.POSTGRES), anyPort()).close();
    Files.writeString(
        folder.resolve("postgres/postmaster.pid"),
        ProcessHandle.current().pid() + "\nfolder\n0\n" + Loopback.freePort() + "\n\n127.0.0.1\n");
    start(Set.of(EmbeddedPart.POSTGRES), anyPort()).close();
  }

  @Test
  void aPasswordFileThatWasLostIsMadeAnew() throws Exception {
    start(Set.of(EmbeddedPart.POSTGRES), anyPort()).close();
    String lost = Files.readString(folder.resolve("database-password"));
    Files.delete(folder.resolve("database-password"));
    try (EmbeddedServers servers = start(Set.of(EmbeddedPart.POSTGRES), anyPort())) {
      assertThat(query(servers, "SELECT 'there'")).isEqualTo("there");
      assertThat(folder.resolve("database-password")).content().isNotEqualTo(lost);
    }
  }

  @Test
  void aPasswordThatWasWrittenIntoTheFileIsTaken() throws Exception {
    start(Set.of(EmbeddedPart.POSTGRES), anyPort()).close();
    Files.writeString(folder.resolve("database-password"), "one-of-the-operator\n");
    try (EmbeddedServers servers = start(Set.of(EmbeddedPart.POSTGRES), anyPort())) {
      assertThat(query(servers, "SELECT 'there'")).isEqualTo("there");
    }
  }

  @Test
  void refusesAPasswordFileThatHoldsNoPassword() throws Exception {
    Files.writeString(folder.resolve("database-password"), "'; drop database orderflow; --");
    assertThatThrownBy(() -> start(Set.of(EmbeddedPart.POSTGRES), anyPort()))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("database-password")
        .hasMessageNotContaining("drop");
  }

  @Test
  void dataOfTheVersionThatTrustedEverybodyIsKeptAndItsSuperuserShutOut() throws Exception {
    new TrustingPostgres(folder)
        .make(
            """
            CREATE TABLE kept (id bigserial PRIMARY KEY, word text);
            CREATE TABLE counted (id bigint GENERATED ALWAYS AS IDENTITY, word text);
            CREATE SEQUENCE numbers;
            CREATE TYPE mood AS ENUM ('good');
            CREATE VIEW words AS SELECT word FROM kept;
            CREATE SCHEMA more CREATE TABLE kept (word text);
            CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
            INSERT INTO kept (word) VALUES ('있다');
            """);
    for (String start : List.of("the first with a password", "the next one")) {
      try (EmbeddedServers servers = start(Set.of(EmbeddedPart.POSTGRES), anyPort())) {
        assertThat(query(servers, "SELECT word FROM words")).as(start).isEqualTo("있다");
        assertThat(query(servers, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
            .isEqualTo("f");
        for (String user : List.of("orderflow", "postgres")) {
          assertThatThrownBy(() -> connect(servers, user, "").close())
              .isInstanceOf(SQLException.class);
        }
        execute(
            servers,
            """
            ALTER TABLE kept ADD COLUMN IF NOT EXISTS later int;
            ALTER TABLE counted ADD COLUMN IF NOT EXISTS later int;
            ALTER TABLE more.kept ADD COLUMN IF NOT EXISTS later int;
            ALTER TYPE mood ADD VALUE IF NOT EXISTS 'better';
            ALTER SEQUENCE numbers INCREMENT 2;
            CREATE OR REPLACE VIEW words AS SELECT word FROM kept;
            CREATE OR REPLACE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE TABLE IF NOT EXISTS newer (word text);
            CREATE SCHEMA IF NOT EXISTS newer;
            """);
      }
    }
  }

  @Test
  void aFirstStartOfTheVersionBeforeThatWasCutShortIsFinished() throws Exception {
    new TrustingPostgres(folder).makeWithoutDatabase();
    try (EmbeddedServers servers = start(Set.of(EmbeddedPart.POSTGRES), anyPort())) {
      assertThat(query(servers, "SELECT current_database()")).isEqualTo("orderflow");
    }
  }

  @Test
  void theMailboxTakesMailForEverybodyAndKeepsTheNewest() throws Exception {
    try (EmbeddedServers servers = start(Set.of(EmbeddedPart.MAILBOX), anyPort())) {
      for (int i = 1; i <= 4; i++) {
        send(servers, "nobody-" + i + "@example.com", "주문 " + i);
      }
      assertThat(servers.mailbox().mails())
          .extracting(ReceivedMail::subject)
          .containsExactly("주문 4", "주문 3", "주문 2");
      assertThat(servers.mailbox().mails().get(0).to()).isEqualTo("nobody-4@example.com");
    }
  }

  @Test
  void refusesADataFolderAnotherInstanceHolds() {
    try (EmbeddedServers servers = start(Set.of(EmbeddedPart.KAFKA), anyPort())) {
      assertThatThrownBy(() -> start(Set.of(EmbeddedPart.KAFKA), anyPort()))
          .isInstanceOf(StartupException.class)
          .hasMessageContaining("another instance is using the data folder")
          .hasMessageContaining("ORDERFLOW_DATA");
    }
  }

  @Test
  void instancesWithServersElsewhereShareAFolder() {
    try (EmbeddedServers one = start(Set.of(EmbeddedPart.MAILBOX), anyPort());
        EmbeddedServers other = start(Set.of(EmbeddedPart.MAILBOX), anyPort())) {
      assertThat(one.properties().get("orderflow.smtp.port"))
          .isNotEqualTo(other.properties().get("orderflow.smtp.port"));
    }
  }

  @Test
  void namesEveryTakenPort() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = taken.getLocalPort();
      assertThatThrownBy(
              () ->
                  start(
                      EnumSet.of(EmbeddedPart.KAFKA, EmbeddedPart.MAILBOX),
                      settings(0, port, port)))
          .isInstanceOf(StartupException.class)
          .hasMessageContaining("port " + port + " for the embedded Kafka is taken")
          .hasMessageContaining("orderflow.embedded.kafka.port")
          .hasMessageContaining("KAFKA_BROKERS")
          .hasMessageContaining("for the embedded SMTP mailbox")
          .hasMessageContaining("SMTP_HOST");
    }
    // Nothing of the refused start holds the folder.
    start(Set.of(EmbeddedPart.KAFKA), anyPort()).close();
  }

  private EmbeddedServers start(Set<EmbeddedPart> parts, EmbeddedSettings settings) {
    EmbeddedServers servers = EmbeddedServers.start(parts, folder, settings, Clock.systemUTC());
    servers.awaitKafka();
    return servers;
  }

  private static EmbeddedSettings anyPort() {
    return settings(0, 0, 0);
  }

  private static EmbeddedSettings settings(int postgres, int kafka, int mailbox) {
    return new EmbeddedSettings(
        new EmbeddedSettings.Server(postgres),
        new EmbeddedSettings.Server(kafka),
        new EmbeddedSettings.MailboxServer(mailbox, 3));
  }

  private static void execute(EmbeddedServers servers, String sql) throws Exception {
    execute(servers.properties(), sql);
  }

  private static void execute(Map<String, Object> server, String sql) throws Exception {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(EmbeddedServers servers, String sql) throws Exception {
    return query(servers.properties(), sql);
  }

  private static String query(Map<String, Object> server, String sql) throws Exception {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static Connection connect(Map<String, Object> server) throws Exception {
    return DriverManager.getConnection(
        (String) server.get("spring.datasource.url"),
        (String) server.get("spring.datasource.username"),
        (String) server.get("spring.datasource.password"));
  }

  private static Connection connect(EmbeddedServers servers, String user, String password)
      throws SQLException {
    return DriverManager.getConnection(
        (String) servers.properties().get("spring.datasource.url"), user, password);
  }

  private static void produce(EmbeddedServers servers, String topic, String value)
      throws Exception {
    try (Admin admin = Admin.create(kafka(servers));
        var producer =
            new KafkaProducer<>(kafka(servers), new StringSerializer(), new StringSerializer())) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(2), Optional.empty())))
          .all()
          .get();
      producer.send(new ProducerRecord<>(topic, "key", value)).get();
    }
  }

  /** As a member of a group, whose offsets are a topic of their own. */
  private static String consume(EmbeddedServers servers, String topic) {
    var settings = new HashMap<>(kafka(servers));
    settings.put("group.id", "test");
    settings.put("auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      for (int i = 0; i < 600; i++) {
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          consumer.commitSync();
          return record.value();
        }
      }
      throw new AssertionError("nothing in " + topic);
    }
  }

  private static Map<String, Object> kafka(EmbeddedServers servers) {
    return Map.of("bootstrap.servers", servers.properties().get("orderflow.kafka.brokers"));
  }

  private static void send(EmbeddedServers servers, String to, String subject) throws Exception {
    var settings = new Properties();
    settings.put("mail.smtp.host", servers.properties().get("orderflow.smtp.host"));
    settings.put("mail.smtp.port", servers.properties().get("orderflow.smtp.port").toString());
    var message = new MimeMessage(Session.getInstance(settings));
    message.setFrom(new InternetAddress("orders@orderflow.example"));
    message.setRecipient(Message.RecipientType.TO, new InternetAddress(to));
    message.setSubject(subject, "UTF-8");
    message.setText("본문", "UTF-8");
    Transport.send(message);
  }
}
