package orderflow.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Cancels orders, or returns their first item, over connections that never pause. */
final class ReversalLoad {

  private static final long PAUSE_NANOS = 100_000_000;

  private final int port;
  private final List<String> orders;
  private final String act;
  private final byte[] body;
  private final AtomicInteger next = new AtomicInteger();
  private final ConcurrentHistogram latency = new ConcurrentHistogram(3);
  private final AtomicInteger turnedAway = new AtomicInteger();

  private ReversalLoad(int port, List<String> orders, String act, String body) {
    this.port = port;
    this.orders = orders;
    this.act = act;
    this.body = body.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * What came of it.
   *
   * @param latency microseconds until the 201, however often the answer was 503 before
   * @param turnedAway how often it was 503
   */
  record Outcome(Histogram latency, int turnedAway, double seconds) {

    double perSecond() {
      return latency.getTotalCount() / seconds;
    }
  }

  static Outcome cancel(int port, List<String> orders) throws Exception {
    return new ReversalLoad(port, orders, "cancel", "{\"reason\":\"CUSTOMER\"}").run();
  }

  static Outcome giveBack(int port, List<String> orders) throws Exception {
    return new ReversalLoad(
            port,
            orders,
            "returns",
            "{\"reason\":\"CUSTOMER\",\"items\":[{\"position\":0,\"quantity\":1}]}")
        .run();
  }

  private Outcome run() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(Rig.CONNECTIONS);
    long began = System.nanoTime();
    try {
      List<Future<?>> senders = new ArrayList<>();
      for (int i = 0; i < Rig.CONNECTIONS; i++) {
        senders.add(threads.submit(this::send));
      }
      for (Future<?> sender : senders) {
        sender.get();
      }
      return new Outcome(latency, turnedAway.get(), (System.nanoTime() - began) / 1e9);
    } finally {
      threads.shutdownNow();
    }
  }

  private Void send() throws IOException {
    try (ShopConnection connection = new ShopConnection(port)) {
      for (int n = next.getAndIncrement(); n < orders.size(); n = next.getAndIncrement()) {
        long sent = System.nanoTime();
        while (!isTaken(connection, orders.get(n))) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
        latency.recordValue((System.nanoTime() - sent) / 1000);
      }
    }
    return null;
  }

  private boolean isTaken(ShopConnection connection, String order) throws IOException {
    try {
      connection.post("/api/orders/" + order + "/" + act, body, "bench-" + act);
      return true;
    } catch (ShopConnection.TurnedAway e) {
      turnedAway.incrementAndGet();
      return false;
    }
  }
}
