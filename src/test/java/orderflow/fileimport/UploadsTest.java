package orderflow.fileimport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;
import orderflow.Http;
import orderflow.OrderflowTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;

@OrderflowTest
class UploadsTest {

  private static final String HEADER =
      "orderRef,customerId,customerEmail,customerName,locale,currency,sku,name,quantity,unitPrice,couponCode\n";

  @LocalServerPort int port;

  @Value("${orderflow.inbox}")
  Path inbox;

  private Http http;

  @BeforeEach
  void connect() {
    http = new Http(port);
  }

  @Test
  void aFileLargerThanABodyMayBeIsImported() {
    String name = "large-" + UUID.randomUUID() + ".csv";
    String reference = "r-" + UUID.randomUUID();
    String rows = HEADER + row(reference) + (",".repeat(10) + "\n").repeat(300_000);
    assertThat(rows.length()).isGreaterThan(3_000_000);

    Http.Response taken = put(name, rows);

    assertThat(taken.status()).isEqualTo(201);
    assertThat(taken.json().path("file").asText()).isEqualTo(name);
    assertThat(taken.json().path("bytes").asLong()).isEqualTo(rows.length());
    await()
        .until(
            () -> http.get("/api/orders?reference=" + reference).json().path("orders").size() == 1);
  }

  @Test
  void aFileWhoseNameIsTakenGetsAnotherOne() throws IOException {
    String name = "twice-" + UUID.randomUUID() + ".part.csv";
    Files.createDirectory(inbox.resolve(name)); // no importer takes it away meanwhile

    Http.Response taken = put(name, HEADER);

    assertThat(taken.json().path("file").asText()).isEqualTo(name.replace(".csv", ".2.csv"));
    Files.delete(inbox.resolve(name));
    // Tests after this one look at the newest import.
    await()
        .until(() -> Files.exists(inbox.resolve("done").resolve(name.replace(".csv", ".2.csv"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orders",
        "orders.exe",
        ".orders.csv",
        "~$orders.xlsx",
        "orders.csv.part",
        "a%2Fb.csv",
        "a%5Cb.csv",
        "..%2F..%2Fb.csv",
        "a%0Ab.csv"
      })
  void aNameThatIsNoOrderFilesIsRefused(String name) {
    Http.Response refused = put(name, HEADER);

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().at("/errors/0/detail").asText()).contains(".xlsx");
  }

  @Test
  void aFileThatIsCutOffLeavesNothingBehind() throws IOException {
    String name = "cut-" + UUID.randomUUID() + ".csv";

    String answer =
        http.raw(
            "PUT /api/inbox/"
                + name
                + " HTTP/1.1\r\n"
                + "Host: localhost\r\n"
                + "Connection: close\r\n"
                + "Content-Length: 1000\r\n"
                + "Authorization: Bearer "
                + OrderflowTest.API_KEY
                + "\r\n\r\n"
                + HEADER);

    assertThat(answer).startsWith("HTTP/1.1 400 ");
    await()
        .untilAsserted(
            () -> {
              try (Stream<Path> files = Files.list(inbox)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(file -> file.equals(name) || file.startsWith(".upload-"));
              }
            });
  }

  @Test
  void aStrangerPutsNoFileIntoTheInbox() {
    Http.Response refused =
        http.send(
            "PUT",
            "/api/inbox/stranger.csv",
            BodyPublishers.ofString(HEADER),
            "Authorization",
            "Bearer wrong");

    assertThat(refused.status()).isEqualTo(401);
    assertThat(inbox.resolve("stranger.csv")).doesNotExist();
  }

  private Http.Response put(String name, String content) {
    return http.send("PUT", "/api/inbox/" + name, BodyPublishers.ofString(content));
  }

  private static String row(String reference) {
    return reference + ",c-1,a@example.com,Kim,ko,KRW,TS,Shirt,1,1000,\n";
  }
}
