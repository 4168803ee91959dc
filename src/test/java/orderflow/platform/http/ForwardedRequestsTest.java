package orderflow.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.RemoteIpValve;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Behind the valve of {@code server.forward-headers-strategy=native}, which takes headers away. */
class ForwardedRequestsTest {

  @TempDir Path folder;
  private final Tomcat tomcat = new Tomcat();

  @BeforeEach
  void start() throws LifecycleException {
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    tomcat.getEngine().getPipeline().addValve(new ReceivingValve());
    RemoteIpValve believing = new RemoteIpValve();
    believing.setProtocolHeader("X-Forwarded-Proto");
    tomcat.getEngine().getPipeline().addValve(believing);
    Context context = tomcat.addContext("", folder.toString());
    Tomcat.addServlet(context, "what", new What());
    context.addServletMappingDecoded("/*", "what");
    tomcat.start();
  }

  @AfterEach
  void stop() throws LifecycleException {
    tomcat.stop();
    tomcat.destroy();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For: 127.0.0.1",
        "X-Forwarded-For: 10.0.0.7, 127.0.0.1",
        "X-Forwarded-Proto: http",
        "x-forwarded-host: localhost",
        "Forwarded: for=127.0.0.1",
        "X-Real-Ip: 127.0.0.1",
        "Via: 1.1 proxy"
      })
  void areNeverOfThisMachine(String header) throws IOException {
    assertThat(answer(header)).contains("forwarded: true");
  }

  @Test
  void areToldFromOthers() throws IOException {
    assertThat(answer("X-Other: 1")).contains("forwarded: false");
  }

  @Test
  void loseTheHeaderThatTellsSo() throws IOException {
    assertThat(answer("X-Forwarded-For: 127.0.0.1")).contains("from 127.0.0.1, header null");
  }

  private String answer(String header) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", tomcat.getConnector().getLocalPort())) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write(
              ("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static final class What extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      ReceivedRequest received = Objects.requireNonNull(ReceivedRequest.of(request));
      response
          .getOutputStream()
          .print(
              "from "
                  + request.getRemoteAddr()
                  + ", header "
                  + request.getHeader("X-Forwarded-For")
                  + ", forwarded: "
                  + received.isForwarded());
    }
  }
}
