package orderflow.platform.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Gives an authorization server's last answer, or its silence, again for some seconds: everybody
 * can send tokens of unknown keys, each of which has the keys asked for.
 */
final class RecentAnswers implements ClientHttpRequestInterceptor {

  private static final Duration AGE = Duration.ofSeconds(5);

  private final Clock clock;
  private final Map<URI, Recent> recent = new ConcurrentHashMap<>();

  RecentAnswers(Clock clock) {
    this.clock = clock;
  }

  @Override
  public ClientHttpResponse intercept(
      HttpRequest request, byte[] body, ClientHttpRequestExecution execution) throws IOException {
    Recent last = recent.get(request.getURI());
    if (last == null || last.isOld(clock.instant())) {
      Outcome outcome = ask(request, body, execution);
      // Dated when it is here: who waited for it then takes it too.
      last = new Recent(outcome, clock.instant());
      recent.put(request.getURI(), last);
    }
    if (last.outcome() instanceof Answer answer) {
      return answer;
    }
    throw new IOException(((Silence) last.outcome()).why());
  }

  private static Outcome ask(
      HttpRequest request, byte[] body, ClientHttpRequestExecution execution) {
    try (ClientHttpResponse response = execution.execute(request, body)) {
      return new Answer(
          response.getStatusCode(),
          response.getStatusText(),
          response.getHeaders(),
          response.getBody().readAllBytes());
    } catch (IOException e) {
      return new Silence(String.valueOf(e.getMessage()));
    }
  }

  private record Recent(Outcome outcome, Instant at) {

    /** An answer of the future, too: the clock was put back. */
    boolean isOld(Instant now) {
      return Duration.between(at, now).abs().compareTo(AGE) >= 0;
    }
  }

  private sealed interface Outcome {}

  private record Silence(String why) implements Outcome {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Answer(HttpStatusCode status, String text, HttpHeaders headers, byte[] body)
      implements Outcome, ClientHttpResponse {

    @Override
    public HttpStatusCode getStatusCode() {
      return status;
    }

    @Override
    public String getStatusText() {
      return text;
    }

    @Override
    public HttpHeaders getHeaders() {
      return headers;
    }

    @Override
    public InputStream getBody() {
      return new ByteArrayInputStream(body);
    }

    @Override
    public void close() {}
  }
}
