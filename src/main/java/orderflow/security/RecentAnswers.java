package orderflow.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
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

  static final Duration AGE = Duration.ofSeconds(5);

  private final Clock clock;
  private final Map<URI, Recent> recent = new ConcurrentHashMap<>();

  RecentAnswers(Clock clock) {
    this.clock = clock;
  }

  @Override
  public ClientHttpResponse intercept(
      HttpRequest request, byte[] body, ClientHttpRequestExecution execution) throws IOException {
    Recent last = recent.get(request.getURI());
    if (last == null || !clock.instant().isBefore(last.at().plus(AGE))) {
      Answer answer = ask(request, body, execution);
      // Dated when it is here: who waited for it then takes it too.
      last = new Recent(answer, clock.instant());
      recent.put(request.getURI(), last);
    }
    if (last.answer() == null) {
      throw new IOException("there was no answer from " + request.getURI());
    }
    return last.answer();
  }

  private static @Nullable Answer ask(
      HttpRequest request, byte[] body, ClientHttpRequestExecution execution) {
    try (ClientHttpResponse response = execution.execute(request, body)) {
      return new Answer(
          response.getStatusCode(),
          response.getStatusText(),
          response.getHeaders(),
          response.getBody().readAllBytes());
    } catch (IOException e) {
      return null;
    }
  }

  private record Recent(@Nullable Answer answer, Instant at) {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Answer(HttpStatusCode status, String text, HttpHeaders headers, byte[] body)
      implements ClientHttpResponse {

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
