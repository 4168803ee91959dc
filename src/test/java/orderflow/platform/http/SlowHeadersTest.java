package orderflow.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients whose headers are long in coming, more of them than there are connections. */
class SlowHeadersTest {

  private static final int CONNECTIONS = 32;
  private static final Duration HEADER_TIMEOUT = Duration.ofMillis(500);

  @TempDir Path folder;
  private final Tomcat tomcat = new Tomcat();
  private final List<Socket> clients = new ArrayList<>();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);

  @BeforeEach
  void start() throws LifecycleException {
    tomcat.setBaseDir(folder.toString());
    Connector connector = new Connector(SequentialHttp.class.getName());
    connector.setPort(0);
    connector.setProperty("maxConnections", String.valueOf(CONNECTIONS));
    connector.setProperty("connectionTimeout", "60000");
    connector.setProperty("headerTimeoutMillis", String.valueOf(HEADER_TIMEOUT.toMillis()));
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", folder.toString());
    Tomcat.addServlet(context, "health", new Health());
    context.addServletMappingDecoded("/*", "health");
    tomcat.start();
  }

  @AfterEach
  void stop() throws LifecycleException, IOException {
    answer.countDown();
    for (Socket client : clients) {
      client.close();
    }
    tomcat.stop();
    tomcat.destroy();
  }

  @Test
  void areHungUpOnHoweverOftenAnotherByteComes() throws IOException {
    Socket slow = client("GET / HTTP/1.1\r\nHost: x\r\nX: ");

    Awaitility.await()
        .atMost(HEADER_TIMEOUT.multipliedBy(60))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> isClosed(slow));
  }

  @Test
  void keepNoHealthCheckOut() throws IOException {
    for (String begin : List.of("GET / HTTP/1.1\r\nX: ", "G", "")) {
      for (int i = 0; i < 2 * CONNECTIONS; i++) {
        client(begin);
      }
      assertThat(health())
          .as("behind those that begin with '%s'", begin)
          .startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void leaveRequestsThatAreBeingAnsweredAlone() throws Exception {
    Socket busy = client("GET /slowly HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < 2 * CONNECTIONS; i++) {
      client("G");
    }
    assertThat(health()).startsWith("HTTP/1.1 200");
    answer.countDown();

    assertThat(read(busy)).startsWith("HTTP/1.1 200").endsWith("slowly");
  }

  private Socket client(String begin) throws IOException {
    Socket socket = new Socket("127.0.0.1", tomcat.getConnector().getLocalPort());
    socket.setSoTimeout(60_000);
    clients.add(socket);
    socket.getOutputStream().write(begin.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private String health() throws IOException {
    return read(client("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  }

  private static String read(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  private static boolean isClosed(Socket socket) throws IOException {
    try {
      socket.getOutputStream().write('x');
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  private final class Health extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      if (request.getRequestURI().equals("/slowly")) {
        begun.countDown();
        try {
          answer.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      response.getOutputStream().print("slowly");
    }
  }
}
