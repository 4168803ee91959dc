package orderflow.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

/** A shop's connection to Orderflow: one request after the other, at little cost for this side. */
final class ShopConnection implements AutoCloseable {

  /** The answer was 503 with Retry-After: too much is waiting already. */
  static final class TurnedAway extends IOException {

    private static final long serialVersionUID = 1;

    private TurnedAway(String body) {
      super("answered 503: " + body);
    }
  }

  private static final int PATIENCE_MS = 60_000;

  private final DefaultBHttpClientConnection http =
      new DefaultBHttpClientConnection(Http1Config.DEFAULT);
  private final int port;

  ShopConnection(int port) throws IOException {
    this.port = port;
    connect();
  }

  private void connect() throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MS);
    socket.connect(new InetSocketAddress(Ports.ADDRESS, port), PATIENCE_MS);
    http.bind(socket);
  }

  /**
   * Posts JSON.
   *
   * @param key the Idempotency-Key
   * @return the Location of what was made
   * @throws TurnedAway if the answer is a 503 that says when to come again, after which the next
   *     one can be sent
   * @throws IOException if the answer is another than 201
   */
  String post(String path, byte[] json, String key) throws IOException {
    var request = new BasicClassicHttpRequest("POST", path);
    request.addHeader("Host", Ports.ADDRESS + ":" + port);
    request.addHeader("Authorization", "Bearer " + OrderflowServer.API_KEY);
    request.addHeader("Content-Type", "application/json");
    request.addHeader("Content-Length", json.length);
    request.addHeader("Idempotency-Key", key);
    request.setEntity(new ByteArrayEntity(json, ContentType.APPLICATION_JSON));
    try {
      http.sendRequestHeader(request);
      http.sendRequestEntity(request);
      http.flush();
      ClassicHttpResponse response = http.receiveResponseHeader();
      http.receiveResponseEntity(response);
      String body = EntityUtils.toString(response.getEntity());
      if (response.containsHeader("Connection")) { // close: so many requests are enough
        http.close();
        connect();
      }
      if (response.getCode() == 503 && response.containsHeader("Retry-After")) {
        throw new TurnedAway(body);
      }
      if (response.getCode() != 201) {
        throw new IOException("answered " + response.getCode() + ": " + body);
      }
      Header location = response.getFirstHeader("Location");
      return location == null ? "" : location.getValue();
    } catch (HttpException e) {
      throw new IOException(e);
    }
  }

  /** Gets something, takes all of it in, and returns the status. */
  int get(String path) throws IOException {
    var request = new BasicClassicHttpRequest("GET", path);
    request.addHeader("Host", Ports.ADDRESS + ":" + port);
    request.addHeader("Authorization", "Bearer " + OrderflowServer.API_KEY);
    try {
      http.sendRequestHeader(request);
      http.flush();
      ClassicHttpResponse response = http.receiveResponseHeader();
      http.receiveResponseEntity(response);
      EntityUtils.consume(response.getEntity());
      if (response.containsHeader("Connection")) {
        http.close();
        connect();
      }
      return response.getCode();
    } catch (HttpException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    http.close();
  }
}
