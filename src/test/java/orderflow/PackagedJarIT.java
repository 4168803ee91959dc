package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import orderflow.platform.embedded.EmbeddedPart;
import orderflow.platform.embedded.EmbeddedServers;
import orderflow.platform.embedded.EmbeddedSettings;
import orderflow.platform.embedded.FreePort;
import orderflow.platform.embedded.UnpackedPostgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The packaged jar as an operator runs it: a process of its own, started, stopped, killed. */
class PackagedJarIT {

  /** Orders of a dropped file: in batches of two, enough for half a second or more. */
  private static final int FILE = 600;

  /** Of each order without a coupon. */
  private static final int POINTS = 10;

  private static final String COUPON = "TEN";
  private static final Pattern POSTGRESQL = Pattern.compile("PostgreSQL +(jdbc:\\S+)");
  private static final String WITHOUT_AN_EFFECT =
      """
      orders where not exists (select from point_entry where order_id = id)
        or not exists (select from coupon_redemption where order_id = id and used_at is not null)
        or not exists (select from mail where order_id = id and state = 'SENT')\
      """;

  private static final Duration EFFECTS = Duration.ofSeconds(60);

  private final List<JarProcess> jars = new ArrayList<>();
  private final HttpClient http = HttpClient.newBuilder().sslContext(Certificate.context()).build();

  private Path folder;
  private Path log;

  @BeforeEach
  void makeFolder() throws IOException {
    Path target = Files.createDirectories(Path.of("target/packaged jar"));
    folder = Files.createTempDirectory(target, "주문 흐름 ").toAbsolutePath();
    log = folder.resolve("log");
  }

  @AfterEach
  void stopWhatIsLeft() throws InterruptedException {
    for (JarProcess jar : jars) {
      jar.close();
    }
  }

  /** The mail server is not its own, so that it counts what both lives send. */
  @Test
  void stopsUnderTrafficAndGoesOnWithItsKeyOrdersAndImportNowOverTls() throws Exception {
    try (EmbeddedServers mails = mailServer()) {
      Map<String, String> settings =
          Map.of(
              "SMTP_HOST",
              "127.0.0.1",
              "SMTP_PORT",
              String.valueOf(mails.properties().get("orderflow.smtp.port")),
              "ORDERFLOW_IMPORTING_STABLEFOR",
              "100ms",
              "ORDERFLOW_IMPORTING_BATCH",
              "2");
      Process first = start(settings);
      String address = readyAddress();
      String key = key();
      assertThat(status(address + "/actuator/health/readiness", "none")).isEqualTo(200);
      assertThat(status(address + "/api/nothing-there", "none")).isEqualTo(401);
      assertThat(status(address + "/api/nothing-there", key)).isEqualTo(404);
      Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
      CompletableFuture<?> traffic = traffic(address, key, null, acknowledged);
      await().until(() -> acknowledged.size() > 50);
      drop("orders.csv", FILE);
      JdbcClient running = database();
      await().pollInterval(Duration.ofMillis(20)).until(() -> imported(running, "RUNNING") > 0);
      assertStops(first);
      traffic.join();
      assertThat(folder.resolve("data/inbox/orders.csv")).as("under way at the stop").exists();

      Map<String, String> overTls = new HashMap<>(settings);
      overTls.putAll(
          Map.of(
              "SERVER_SSL_BUNDLE",
              "web",
              "SPRING_SSL_BUNDLE_PEM_WEB_KEYSTORE_CERTIFICATE",
              Certificate.certificate().toUri().toString(),
              "SPRING_SSL_BUNDLE_PEM_WEB_KEYSTORE_PRIVATEKEY",
              Certificate.key().toUri().toString()));
      Process second = start(overTls);
      String secured = readyAddress();
      assertThat(secured).startsWith("https://");
      for (String order : acknowledged) {
        assertThat(status(secured + order, key)).as(order).isEqualTo(200);
      }
      JdbcClient database = database();
      await().atMost(EFFECTS).until(() -> imported(database, "DONE") == FILE);
      int orders = (int) count(database, "orders");
      assertThat(orders).isGreaterThanOrEqualTo(acknowledged.size() + FILE);
      await()
          .atMost(EFFECTS)
          .untilAsserted(
              () -> {
                assertThat(count(database, "mail where state = 'SENT'")).isEqualTo(orders);
                assertThat(count(database, "point_entry")).isEqualTo(orders);
              });
      assertThat(database.sql("select sum(balance) from point_balance").query(Long.class).single())
          .isEqualTo(POINTS * orders);
      assertThat(mails.mailbox().mails())
          .extracting(mail -> mail.header("X-Order-Id").orElseThrow())
          .doesNotHaveDuplicates()
          .hasSize(orders);
      assertStops(second);
    }
  }

  @Test
  void keepsItsDataFolderToItselfAndStartsAgainAfterAKill() throws Exception {
    Map<String, String> samePorts =
        Map.of(
            "ORDERFLOW_EMBEDDED_POSTGRES_PORT",
            String.valueOf(FreePort.any()),
            "ORDERFLOW_EMBEDDED_KAFKA_PORT",
            String.valueOf(FreePort.any()),
            "ORDERFLOW_EMBEDDED_MAILBOX_PORT",
            String.valueOf(FreePort.any()));
    Path data = Files.createDirectory(folder.resolve("data"));
    UnpackedPostgres.linkInto(data);
    Process killed = start(samePorts);
    String address = readyAddress();
    String key = key();
    assertThat(status(address + "/mailbox", "none")).isEqualTo(200);
    log = folder.resolve("log of the second");
    assertRefuses(Map.of(), "another instance is using the data folder", "ORDERFLOW_DATA");
    log = folder.resolve("log");
    assertThat(
            post(
                    address + "/api/coupons",
                    key,
                    "{\"code\":\"%s\",\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"},\"usageLimit\":1000000}"
                        .formatted(COUPON))
                .statusCode())
        .isEqualTo(201);
    Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    CompletableFuture<?> traffic = traffic(address, key, COUPON, acknowledged);
    await().until(() -> acknowledged.size() > 50);
    killed.destroyForcibly().waitFor();
    traffic.join();

    Process next = start(samePorts);
    String again = readyAddress();
    for (String order : acknowledged) {
      assertThat(status(again + order, key)).as(order).isEqualTo(200);
    }
    JdbcClient database = database();
    await()
        .atMost(EFFECTS)
        .untilAsserted(() -> assertThat(count(database, WITHOUT_AN_EFFECT)).isZero());
    assertStops(next);
  }

  @Test
  void aWrongValueIsOneLineAndExitCodeOne() throws Exception {
    assertRefuses(
        Map.of("SMTP_HOST", "mail.example", "SMTP_SECURITY", "ssl"),
        "SMTP_SECURITY must be none, starttls or tls, not 'ssl'");
  }

  @Test
  void anOldNameIsOneLineAndExitCodeOne() throws Exception {
    assertRefuses(
        Map.of("ORDERFLOW_MAIL_FIRSTPAUSE", "10s"),
        "orderflow.mail.first-pause is now orderflow.mail.initial-backoff");
  }

  private void assertRefuses(Map<String, String> environment, String... words) throws Exception {
    Process refused = start(environment);
    assertThat(refused.waitFor(JarProcess.START.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(refused.exitValue()).isEqualTo(1);
    assertThat(Files.readAllLines(log))
        .singleElement()
        .asString()
        .contains("ERROR")
        .contains(words);
  }

  /** SIGTERM: 143 is what the JVM ends with after a clean stop. */
  private void assertStops(Process process) throws Exception {
    process.destroy();
    assertThat(process.waitFor(JarProcess.STOP.toSeconds(), TimeUnit.SECONDS))
        .as("stops in time")
        .isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
    assertThat(folder.resolve("data/postgres/postmaster.pid")).doesNotExist();
    assertThat(log).content().doesNotContain("ERROR").doesNotContain("Exception");
  }

  private Process start(Map<String, String> environment) throws IOException {
    JarProcess jar = JarProcess.start(folder, log, environment);
    jars.add(jar);
    return jar.process();
  }

  private String readyAddress() {
    return jars.get(jars.size() - 1).address();
  }

  private String key() throws IOException {
    return Files.readString(folder.resolve("data/api-key")).strip();
  }

  /** Four clients, until nobody answers them any more. */
  private CompletableFuture<?> traffic(
      String address, String key, @Nullable String coupon, Queue<String> acknowledged) {
    return CompletableFuture.allOf(
        IntStream.range(0, 4)
            .mapToObj(
                i -> CompletableFuture.runAsync(() -> order(address, key, coupon, acknowledged)))
            .toArray(CompletableFuture<?>[]::new));
  }

  /** Places orders until nobody answers, and notes where those are that were acknowledged. */
  private void order(
      String address, String key, @Nullable String coupon, Queue<String> acknowledged) {
    String order =
        """
        {"customer":{"id":"c-1","email":"kim@example.com","name":"Kim"},"currency":"KRW",
         "items":[{"sku":"A","name":"Shirt","quantity":1,"unitPrice":"1000"}],"couponCode":%s}\
        """
            .formatted(coupon == null ? "null" : '"' + coupon + '"');
    try {
      while (true) {
        HttpResponse<String> answer = post(address + "/api/orders", key, order);
        assertThat(answer.statusCode()).as(answer.body()).isIn(201, 503);
        // Who connects while Tomcat closes may be turned away by Tomcat itself, without a word.
        if (answer.statusCode() == 503 && !answer.body().isEmpty()) {
          assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        }
        answer.headers().firstValue("Location").ifPresent(acknowledged::add);
      }
    } catch (IOException e) {
      // it has stopped
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void drop(String name, int orders) throws IOException {
    String header =
        "orderRef,customerId,customerEmail,customerName,locale,currency,sku,name,quantity,unitPrice,couponCode\n";
    Path being =
        Files.writeString(
            folder.resolve(name),
            IntStream.range(0, orders)
                .mapToObj(i -> "f-%s,c-2,kim@example.com,Kim,,KRW,A,Shirt,1,1000,\n".formatted(i))
                .collect(Collectors.joining("", header, "")));
    Files.move(being, Files.createDirectories(folder.resolve("data/inbox")).resolve(name));
  }

  private EmbeddedServers mailServer() {
    return EmbeddedServers.start(
        EnumSet.of(EmbeddedPart.MAILBOX),
        folder,
        new EmbeddedSettings(
            new EmbeddedSettings.Server(0),
            new EmbeddedSettings.Server(0),
            new EmbeddedSettings.MailboxServer(0, 10_000)),
        Clock.systemUTC());
  }

  /** The embedded one of the running process. */
  private JdbcClient database() throws IOException {
    return JdbcClient.create(
        new DriverManagerDataSource(
            POSTGRESQL
                .matcher(Files.readString(log))
                .results()
                .findFirst()
                .map(line -> line.group(1))
                .orElseThrow(),
            "orderflow",
            Files.readString(folder.resolve("data/database-password")).strip()));
  }

  private static long count(JdbcClient database, String from) {
    return database.sql("select count(*) from " + from).query(Long.class).single();
  }

  /** Orders that were accepted of files in this state. */
  private static long imported(JdbcClient database, String state) {
    return database
        .sql("select coalesce(sum(accepted), 0) from import where state = ?")
        .param(state)
        .query(Long.class)
        .single();
  }

  private HttpResponse<String> post(String url, String key, String json)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String url, String key)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + key).build(),
        BodyHandlers.ofString());
  }

  private int status(String url, String key) throws Exception {
    return get(url, key).statusCode();
  }
}
