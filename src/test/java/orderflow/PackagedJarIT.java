package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The packaged jar as an operator runs it: a process of its own, started, stopped, killed. */
class PackagedJarIT {

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

  @Test
  void startsStopsUnderTrafficAndFindsItsKeyAndOrdersAgainNowOverTls() throws Exception {
    Process first = start(Map.of());
    String address = readyAddress();
    String key = Files.readString(folder.resolve("data/api-key")).strip();
    assertThat(status(address + "/actuator/health/readiness", "none")).isEqualTo(200);
    assertThat(status(address + "/mailbox", "none")).isEqualTo(200);
    assertThat(status(address + "/api/nothing-there", "none")).isEqualTo(401);
    assertThat(status(address + "/api/nothing-there", key)).isEqualTo(404);
    Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    CompletableFuture<?> traffic =
        CompletableFuture.allOf(
            IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(() -> order(address, key, acknowledged)))
                .toArray(CompletableFuture<?>[]::new));
    await().until(() -> acknowledged.size() > 50);
    assertStops(first);
    traffic.join();

    Process second =
        start(
            Map.of(
                "SERVER_SSL_BUNDLE",
                "web",
                "SPRING_SSL_BUNDLE_PEM_WEB_KEYSTORE_CERTIFICATE",
                Certificate.certificate().toUri().toString(),
                "SPRING_SSL_BUNDLE_PEM_WEB_KEYSTORE_PRIVATEKEY",
                Certificate.key().toUri().toString()));
    String secured = readyAddress();
    assertThat(secured).startsWith("https://");
    for (String order : acknowledged) {
      assertThat(status(secured + order, key)).as(order).isEqualTo(200);
    }
    assertStops(second);
  }

  @Test
  void keepsItsDataFolderToItselfAndStartsAgainAfterAKill() throws Exception {
    Map<String, String> samePorts =
        Map.of(
            "ORDERFLOW_EMBEDDED_POSTGRES_PORT",
            freePort(),
            "ORDERFLOW_EMBEDDED_KAFKA_PORT",
            freePort(),
            "ORDERFLOW_EMBEDDED_MAILBOX_PORT",
            freePort());
    Process killed = start(samePorts);
    readyAddress();
    log = folder.resolve("log of the second");
    assertRefuses(Map.of(), "another instance is using the data folder", "ORDERFLOW_DATA");
    log = folder.resolve("log");
    killed.destroyForcibly().waitFor();

    Process next = start(samePorts);
    readyAddress();
    assertStops(next);
  }

  @Test
  void aWrongValueIsOneLineAndExitCodeOne() throws Exception {
    assertRefuses(
        Map.of("SMTP_HOST", "mail.example", "SMTP_SECURITY", "ssl", "KAFKA_BROKERS", "nowhere"),
        "KAFKA_BROKERS",
        "SMTP_SECURITY must be none, starttls or tls, not 'ssl'");
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

  private static String freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return Integer.toString(socket.getLocalPort());
    }
  }

  private String readyAddress() {
    return jars.get(jars.size() - 1).address();
  }

  /** Places orders until nobody answers, and notes where those are that were acknowledged. */
  private void order(String address, String key, Queue<String> acknowledged) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + "/api/orders"))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    """
                    {"customer":{"id":"c-1","email":"kim@example.com","name":"Kim"},"currency":"KRW",
                     "items":[{"sku":"A","name":"Shirt","quantity":1,"unitPrice":"1000"}]}"""))
            .build();
    try {
      while (true) {
        HttpResponse<Void> answer = http.send(request, BodyHandlers.discarding());
        assertThat(answer.statusCode()).isIn(201, 503);
        answer.headers().firstValue("Location").ifPresent(acknowledged::add);
      }
    } catch (IOException e) {
      // it has stopped
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private int status(String url, String key) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + key).build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }
}
