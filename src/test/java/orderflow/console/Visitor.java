package orderflow.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A person with a browser that runs no scripts: it keeps cookies and sends forms. */
public final class Visitor {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Pattern TOKEN = Pattern.compile("name=\"csrf\" value=\"([A-Za-z0-9_-]+)\"");

  private final int port;
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private String csrf = "";

  /** An answer. */
  public record Page(int status, String body, HttpResponse<String> raw) {

    public String header(String name) {
      return raw.headers().firstValue(name).orElse("");
    }

    public String location() {
      return header("Location");
    }
  }

  Visitor(int port) {
    this.port = port;
  }

  /** Someone who has logged in with a key. */
  public static Visitor withKey(int port, String key) {
    Visitor visitor = new Visitor(port);
    Page page = visitor.post("/console/login", Map.of("key", key));
    assertThat(page.status()).as(page.body()).isEqualTo(303);
    visitor.get("/console");
    return visitor;
  }

  public Page get(String path, String... headers) {
    return send(request(path, headers).GET().build());
  }

  /** Sends a form with the token of the last page. */
  public Page submit(String path, Map<String, String> fields, String... headers) {
    Map<String, String> all = new LinkedHashMap<>(fields);
    all.put("csrf", csrf);
    return post(path, all, headers);
  }

  public Page post(String path, Map<String, String> fields, String... headers) {
    StringBuilder body = new StringBuilder();
    fields.forEach(
        (name, value) ->
            body.append(body.isEmpty() ? "" : "&")
                .append(encoded(name))
                .append('=')
                .append(encoded(value)));
    return send(
        request(path, headers)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body.toString()))
            .build());
  }

  Page upload(String path, String file, String content) {
    String boundary = "----a-boundary";
    String body =
        "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\nContent-Type: text/csv\r\n\r\n%s\r\n--%s--\r\n"
            .formatted(boundary, file, content, boundary);
    return send(
        request(path)
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  String csrf() {
    return csrf;
  }

  String cookie(String name) {
    return cookies.getOrDefault(name, "");
  }

  void keep(String name, String value) {
    cookies.put(name, value);
  }

  HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(60));
    if (!cookies.isEmpty()) {
      StringBuilder sent = new StringBuilder();
      cookies.forEach(
          (name, value) -> sent.append(sent.isEmpty() ? "" : "; ").append(name + "=" + value));
      request.header("Cookie", sent.toString());
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request;
  }

  private Page send(HttpRequest request) {
    try {
      HttpResponse<String> answer = CLIENT.send(request, BodyHandlers.ofString());
      answer.headers().allValues("Set-Cookie").forEach(this::keep);
      Matcher token = TOKEN.matcher(answer.body());
      if (token.find()) {
        csrf = token.group(1);
      }
      return new Page(answer.statusCode(), answer.body(), answer);
    } catch (IOException e) {
      throw new AssertionError(request.uri() + " was not answered", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void keep(String setCookie) {
    String[] pair = setCookie.split(";", 2)[0].split("=", 2);
    cookies.put(pair[0], pair[1]);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
