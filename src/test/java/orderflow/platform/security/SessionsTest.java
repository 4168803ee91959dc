package orderflow.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.Cookie;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import orderflow.OrderflowTest;
import orderflow.TestClock;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.ResponseCookie;
import org.springframework.mock.web.MockHttpServletRequest;

@OrderflowTest
class SessionsTest {

  private static final String KEY = "the-api-key-of-this-test";

  @LocalServerPort int port;
  @Autowired Sessions running;

  private final TestClock clock = new TestClock();

  @Test
  void aSessionLastsEightHours() {
    Sessions sessions = sessions(KEY, clock);
    ResponseCookie cookie = cookie(sessions);

    clock.isAhead(Duration.ofHours(8).minusMinutes(1));
    assertThat(sessions.find(with(cookie))).isPresent();
    clock.isAhead(Duration.ofHours(8).plusMinutes(1));
    assertThat(sessions.find(with(cookie))).isEmpty();
  }

  @Test
  void anInstanceWithTheSameKeyKnowsASessionAndOneWithAnotherKeyDoesNot() {
    ResponseCookie cookie = cookie(sessions(KEY, clock));

    assertThat(sessions(KEY, clock).find(with(cookie))).isPresent();
    assertThat(sessions("another-key-of-24-characters", clock).find(with(cookie))).isEmpty();
  }

  @Test
  void tooManyWrongKeysAreAskedToWaitAndTheRightOneIsNot() {
    Sessions sessions = sessions(KEY, clock);
    var request = new MockHttpServletRequest();

    assertThat(sessions.login(request, "wrong")).isInstanceOf(Sessions.Login.Wrong.class);
    assertThat(sessions.login(request, "wrong")).isInstanceOf(Sessions.Login.Wrong.class);
    assertThat(sessions.login(request, "wrong")).isInstanceOf(Sessions.Login.TooMany.class);
    assertThat(sessions.login(request, KEY)).isInstanceOf(Sessions.Login.Done.class);
  }

  @Test
  void aCookieIsSecureOverHttps() {
    var request = new MockHttpServletRequest();
    request.setSecure(true);

    var done = (Sessions.Login.Done) sessions(KEY, clock).login(request, KEY);

    assertThat(done.cookie().isSecure()).isTrue();
  }

  @Test
  void theLinkOfTheStartLogsInOnce() throws Exception {
    String link = "/console/login?once=" + running.newLink();

    HttpResponse<String> first = get(link);
    HttpResponse<String> second = get(link);

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(first.headers().firstValue("Set-Cookie").orElse("")).contains("orderflow-console=");
    assertThat(first.body()).contains("url=/console");
    assertThat(second.statusCode()).isEqualTo(401);
    assertThat(second.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(second.body()).contains("This link has been used");
  }

  @Test
  void theLinkOfTheStartLogsNobodyInWhoComesOverAProxy() throws Exception {
    String link = "/console/login?once=" + running.newLink();

    assertThat(get(link, "X-Forwarded-For", "127.0.0.1").statusCode()).isEqualTo(401);
    assertThat(get(link).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
  }

  private static ResponseCookie cookie(Sessions sessions) {
    return ((Sessions.Login.Done) sessions.login(new MockHttpServletRequest(), KEY)).cookie();
  }

  private static MockHttpServletRequest with(ResponseCookie cookie) {
    var request = new MockHttpServletRequest();
    request.setCookies(new Cookie(cookie.getName(), cookie.getValue()));
    return request;
  }

  private static Sessions sessions(String key, Clock clock) {
    return new Sessions(
        new Authenticator(ApiKey.ofOperator(key), new KeysFile(Path.of("no-such-file")), null),
        new FailedLogins(2, System::nanoTime),
        clock);
  }
}
