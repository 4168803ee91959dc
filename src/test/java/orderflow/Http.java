package orderflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** A plain client of the running interface, which holds every answer against {@link OpenApi}. */
public final class Http {

  public record Response(HttpResponse<String> raw) {

    public int status() {
      return raw.statusCode();
    }

    public String header(String name) {
      return raw.headers().firstValue(name).orElse("");
    }

    public JsonNode json() {
      try {
        return new ObjectMapper().readTree(raw.body());
      } catch (IOException e) {
        throw new AssertionError("no JSON: " + raw.body(), e);
      }
    }
  }

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private final int port;

  public Http(int port) {
    this.port = port;
  }

  public Response get(String path, String... headers) {
    return send("GET", path, "", headers);
  }

  public Response post(String path, String json, String... headers) {
    String[] all = Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "Content-Type";
    all[headers.length + 1] = "application/json";
    return send("POST", path, json, all);
  }

  public Response send(String method, String path, String body, String... headers) {
    Response response = send(method, path, BodyPublishers.ofString(body), headers);
    OpenApi.check(method, path, body, response);
    return response;
  }

  /** Sends anything, and leaves it to the caller to check the answer. */
  public Response send(String method, String path, BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(60))
            .method(method, body)
            .setHeader("Authorization", "Bearer " + OrderflowTest.API_KEY);
    for (int i = 0; i < headers.length; i += 2) {
      if (headers[i].equals("Authorization")) {
        request.setHeader(headers[i], headers[i + 1]);
      } else {
        request.header(headers[i], headers[i + 1]);
      }
    }
    try {
      return new Response(CLIENT.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new AssertionError(method + " " + path + " was not answered", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /**
   * Sends what no client would, then says that there is no more to come, and gives back the
   * answers, headers and all, until the server hangs up.
   */
  public String raw(String request) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      end(socket);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError("not answered", e);
    }
  }

  private static void end(Socket socket) {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      // the server has read enough, and hung up
    }
  }
}
