package orderflow.body;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import orderflow.problem.Refusal;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BodyFilterTest {

  @TempDir java.nio.file.Path folder;
  private final Tomcat tomcat = new Tomcat();

  @BeforeEach
  void start() throws LifecycleException {
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    Context context = tomcat.addContext("", folder.toString());
    Wrapper servlet = Tomcat.addServlet(context, "echo", new Echo());
    servlet.setAsyncSupported(true);
    context.addServletMappingDecoded("/*", "echo");
    FilterDef filter = new FilterDef();
    filter.setFilterName("body");
    filter.setFilter(new BodyFilter(Duration.ofMillis(300)));
    filter.setAsyncSupported("true");
    context.addFilterDef(filter);
    FilterMap map = new FilterMap();
    map.setFilterName("body");
    map.addURLPattern("/*");
    map.setDispatcher(DispatcherType.REQUEST.name());
    map.setDispatcher(DispatcherType.ASYNC.name());
    context.addFilterMap(map);
    tomcat.getConnector().setProperty("maxSwallowSize", "0");
    tomcat.getConnector().setProperty("connectionTimeout", "1000");
    tomcat.start();
  }

  @AfterEach
  void stop() throws LifecycleException {
    tomcat.stop();
    tomcat.destroy();
  }

  @Test
  void givesUpOnABodyThatDoesNotArriveInTime() throws IOException {
    assertThat(answer("Content-Length: 3\r\n\r\nab")).startsWith("HTTP/1.1 408");
    assertThat(answer("Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n")).startsWith("HTTP/1.1 408");
  }

  @Test
  void handsOnABodyThatIsHere() throws IOException {
    assertThat(answer("Content-Length: 2\r\n\r\nab")).endsWith("\r\n\r\nab");
    assertThat(answer("Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"))
        .contains("abc");
    assertThat(answer("\r\n")).startsWith("HTTP/1.1 200");
  }

  @Test
  void doesNotWaitForABodyThatIsFarTooLarge() throws IOException {
    assertThat(answer("Content-Length: 99999999\r\n\r\nab")).startsWith("HTTP/1.1 413");
  }

  /** Tomcat sends nothing more once the framing of a body is lost. */
  @Test
  void hangsUpOnABodyThatIsBadlyChunked() throws IOException {
    assertThat(answer("Transfer-Encoding: chunked\r\n\r\nZZ\r\n")).isEmpty();
  }

  private String answer(String rest) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", tomcat.getConnector().getLocalPort())) {
      socket.setSoTimeout(15_000);
      socket
          .getOutputStream()
          .write(
              ("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + rest)
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  /** Answers with the body. */
  private static final class Echo extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      try {
        response.getOutputStream().write(RequestBody.of(request));
      } catch (Refusal e) {
        response.setStatus(e.problem().status());
      }
    }
  }
}
