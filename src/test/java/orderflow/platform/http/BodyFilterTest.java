package orderflow.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BodyFilterTest {

  private static final String POST = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";

  @TempDir java.nio.file.Path folder;
  private final Tomcat tomcat = new Tomcat();

  @BeforeEach
  void start() throws LifecycleException {
    tomcat.setBaseDir(folder.toString());
    Connector connector = new Connector(SequentialHttp.class.getName());
    connector.setPort(0);
    connector.setProperty("maxSwallowSize", "0");
    connector.setProperty("connectionTimeout", "2000");
    tomcat.setConnector(connector);
    serve("", Duration.ofSeconds(1));
    serve("/patiently", Duration.ofMinutes(1));
    tomcat.start();
  }

  private void serve(String path, Duration patience) {
    Context context = tomcat.addContext(path, folder.toString());
    Wrapper servlet = Tomcat.addServlet(context, "echo", new Echo());
    servlet.setAsyncSupported(true);
    context.addServletMappingDecoded("/*", "echo");
    filter(context, "known", BodyFilterTest::awaitFor);
    filter(context, "body", new BodyFilter(patience, BodyFilterTest::refuse));
  }

  private static void filter(Context context, String name, Filter filter) {
    FilterDef definition = new FilterDef();
    definition.setFilterName(name);
    definition.setFilter(filter);
    definition.setAsyncSupported("true");
    context.addFilterDef(definition);
    FilterMap map = new FilterMap();
    map.setFilterName(name);
    map.addURLPattern("/*");
    map.setDispatcher(DispatcherType.REQUEST.name());
    map.setDispatcher(DispatcherType.ASYNC.name());
    context.addFilterMap(map);
  }

  /** As a sender who may make the call is let in, unless the header says that there is none. */
  private static void awaitFor(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (((HttpServletRequest) request).getHeader("Unknown") == null) {
      RequestBody.awaitFor(request);
    }
    chain.doFilter(request, response);
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
  void givesUpOnABodyThatDoesNotGoOn() throws IOException {
    String request = POST.replace(" / ", " /patiently ") + "Content-Length: 3\r\n\r\nab";
    assertThat(send(request, false)).startsWith("HTTP/1.1 408");
  }

  @Test
  void handsOnABodyThatIsHere() throws IOException {
    assertThat(answer("Content-Length: 2\r\n\r\nab")).endsWith("\r\n\r\nab");
    assertThat(answer("Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"))
        .contains("abc");
    assertThat(answer("\r\n")).startsWith("HTTP/1.1 200");
    assertThat(lastWords("Content-Length: 2\r\n\r\nab")).endsWith("\r\n\r\nab");
    assertThat(lastWords("Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"))
        .endsWith("\r\n\r\nab");
  }

  @Test
  void answersRequestsInTheirOrder() throws IOException {
    String chunks = "Transfer-Encoding: chunked\r\n\r\n4\r\n[%s]\r\n0\r\n\r\n";
    String next = "POST / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(7_000) + "\r\n";

    assertThat(
            send(
                "POST / HTTP/1.1\r\nHost: x\r\n"
                    + chunks.formatted("1.")
                    + next
                    + chunks.formatted("2.")
                    + next
                    + "Connection: close\r\n"
                    + chunks.formatted("3."),
                false))
        .containsSubsequence("200", "[1.]", "200", "[2.]", "200", "[3.]");
  }

  @Test
  void doesNotWaitForABodyThatIsFarTooLarge() throws IOException {
    assertThat(answer("Content-Length: 99999999\r\n\r\nab")).startsWith("HTTP/1.1 413");
  }

  @Test
  void refusesABodyThatIsBadlyChunkedOrCutOff() throws IOException {
    for (String chunks :
        new String[] {
          "ZZ\r\n",
          "2\r\nab\r\n-1\r\n",
          "fffffffff\r\n",
          "\r\n",
          "2\r\nabc\r\n0\r\n\r\n",
          "1;" + "x".repeat(20_000) + "\r\na\r\n0\r\n\r\n",
          "1\r\na\r\n0\r\nno trailer\r\n\r\n"
        }) {
      assertThat(answer("Transfer-Encoding: chunked\r\n\r\n" + chunks))
          .as(chunks)
          .startsWith("HTTP/1.1 400")
          .contains("Connection: close");
    }
    assertThat(lastWords("Transfer-Encoding: chunked\r\n\r\n9\r\nab")).startsWith("HTTP/1.1 400");
    assertThat(lastWords("Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"))
        .startsWith("HTTP/1.1 400");
    assertThat(lastWords("Content-Length: 9\r\n\r\nab")).startsWith("HTTP/1.1 400");
  }

  @Test
  void answersAtOnceWhereABodyIsNotWaitedFor() throws IOException {
    String begin = "POST /patiently HTTP/1.1\r\nHost: x\r\nUnknown: x\r\n";
    for (String body :
        new String[] {
          "Content-Length: 1000000\r\n\r\nab", "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"
        }) {
      try (Socket socket = new Socket("127.0.0.1", tomcat.getConnector().getLocalPort())) {
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write((begin + body).getBytes(StandardCharsets.US_ASCII));
        byte[] answer = new byte[1000];
        int length = socket.getInputStream().read(answer);
        assertThat(new String(answer, 0, length, StandardCharsets.US_ASCII))
            .as("not 408, which a body that is waited for leads to")
            .startsWith("HTTP/1.1 200")
            .contains("Connection: close")
            .endsWith("\r\n\r\n");
      }
    }
  }

  @Test
  void keepsAConnectionWhoseBodyIsHereThoughItIsNotWaitedFor() throws IOException {
    String request = "POST / HTTP/1.1\r\nHost: x\r\nUnknown: x\r\n";
    assertThat(
            send(
                request
                    + "Content-Length: 2\r\n\r\nab"
                    + request
                    + "Connection: close\r\nContent-Length: 2\r\n\r\ncd",
                false))
        .containsSubsequence("HTTP/1.1 200", "HTTP/1.1 200")
        .doesNotContain("ab", "cd");
  }

  @Test
  void readsTheAnswerWhoeverSendsALongBodyThatIsNotWaitedFor() throws IOException {
    assertThat(answer("Unknown: x\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(1_000_000)))
        .startsWith("HTTP/1.1 200");
  }

  private String answer(String rest) throws IOException {
    return send(POST + rest, false);
  }

  /** The answer to one who says that there is no more to come. */
  private String lastWords(String rest) throws IOException {
    return send(POST + rest, true);
  }

  private String send(String requests, boolean last) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", tomcat.getConnector().getLocalPort())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
      if (last) {
        socket.shutdownOutput();
      }
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static void refuse(ProblemException refusal, HttpServletResponse response) {
    response.reset();
    response.setStatus(refusal.type().status());
  }

  /** Answers with the body. */
  private static final class Echo extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      try {
        response.getOutputStream().write(RequestBody.of(request));
      } catch (ProblemException e) {
        refuse(e, response);
      }
    }
  }
}
