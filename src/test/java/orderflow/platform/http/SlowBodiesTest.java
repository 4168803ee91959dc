package orderflow.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import orderflow.Http;
import orderflow.OrderflowTest;
import orderflow.platform.security.NewKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Clients whose bodies are long in coming. */
@OrderflowTest
class SlowBodiesTest {

  private static final String ORDER =
      """
      {"customer":{"id":"c-slow","email":"kim@example.com","name":"Kim"},"currency":"KRW",
       "items":[{"sku":"S","name":"N","quantity":1,"unitPrice":"100"}]}""";

  @LocalServerPort private int port;

  @Value("${server.tomcat.threads.max}")
  private int threads;

  @Value("${orderflow.security.keys-file}")
  private Path keysFile;

  private final List<String> coupons = newKey();
  private final List<Socket> sockets = new ArrayList<>();

  @AfterEach
  void hangUp() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Test
  void holdNoThread() throws IOException {
    for (int i = 0; i < threads + 20; i++) {
      begin("Authorization: Bearer " + OrderflowTest.API_KEY + "\r\n").getOutputStream().write('{');
    }

    assertThat(new Http(port).post("/api/orders", ORDER).status()).isEqualTo(201);
  }

  @Test
  void areReadWhenTheyAreHere() throws IOException {
    Socket socket = begin("Authorization: Bearer " + OrderflowTest.API_KEY + "\r\n");
    new Http(port).get("/api/orders");

    assertThat(end(socket)).startsWith("HTTP/1.1 201");
  }

  /** The headers are enough to know that there is no key: nothing of the body is waited for. */
  @Test
  void areRefusedWithoutAKeyBeforeTheyAreHere() throws IOException {
    Socket socket = begin("");

    assertThat(firstLine(socket)).isEqualTo("HTTP/1.1 401 ");
  }

  @Test
  void areRefusedWithAKeyThatMayNotSendThemBeforeTheyAreHere() throws IOException {
    Path before = Files.writeString(keysFile, coupons.get(1) + "\n");
    try {
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          new Http(port)
                              .get("/api/orders", "Authorization", "Bearer " + coupons.get(0))
                              .status())
                      .isEqualTo(403));
      Socket socket = begin("Authorization: Bearer " + coupons.get(0) + "\r\n");

      assertThat(firstLine(socket)).isEqualTo("HTTP/1.1 403 ");
    } finally {
      Files.writeString(before, "# none\n");
    }
  }

  /** More than the heap would bear if so much as a block of each were kept. */
  @Test
  void areNotKeptWithoutAKey() throws IOException {
    byte[] half = "x".repeat(500_000).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 50; i++) {
      Socket socket = begin("", 1_000_000);
      assertThat(firstLine(socket)).isEqualTo("HTTP/1.1 401 ");
      write(half, socket);
    }

    String long201 = ORDER + " ".repeat(1_000_000 - ORDER.length());
    assertThat(new Http(port).post("/api/orders", long201).status()).isEqualTo(201);
  }

  @Test
  void areAskedForOnlyWhenTheirSenderIsKnown() throws IOException {
    Socket unknown = begin("Expect: 100-continue\r\n");
    assertThat(firstLine(unknown)).isEqualTo("HTTP/1.1 401 ");

    Socket known =
        begin("Expect: 100-continue\r\nAuthorization: Bearer " + OrderflowTest.API_KEY + "\r\n");
    assertThat(firstLine(known)).isEqualTo("HTTP/1.1 100 ");
    assertThat(end(known)).contains("HTTP/1.1 201");
  }

  /** Who has been refused may be hung up on before it has sent all. */
  private static void write(byte[] body, Socket socket) {
    try {
      socket.getOutputStream().write(body);
    } catch (IOException e) {
      // the server has hung up
    }
  }

  private static String firstLine(Socket socket) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = socket.getInputStream().read(); c != '\r' && c >= 0; ) {
      line.append((char) c);
      c = socket.getInputStream().read();
    }
    return line.toString();
  }

  private Socket begin(String headers) throws IOException {
    return begin(headers, ORDER.length());
  }

  private Socket begin(String headers, int length) throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    sockets.add(socket);
    socket.setSoTimeout(60_000);
    socket
        .getOutputStream()
        .write(
            ("POST /api/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: "
                    + length
                    + "\r\n"
                    + headers
                    + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String end(Socket socket) throws IOException {
    socket.getOutputStream().write(ORDER.getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static List<String> newKey() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NewKey.run(new PrintStream(out), System.err, "new-key", "marketing", "coupons");
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
