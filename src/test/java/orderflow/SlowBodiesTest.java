package orderflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

  @Test
  void areAskedForTheKeyToo() throws IOException {
    Socket socket = begin("");
    new Http(port).get("/api/orders");

    assertThat(end(socket)).startsWith("HTTP/1.1 401");
  }

  private Socket begin(String headers) throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    sockets.add(socket);
    socket.setSoTimeout(15_000);
    socket
        .getOutputStream()
        .write(
            ("POST /api/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: "
                    + ORDER.length()
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
}
