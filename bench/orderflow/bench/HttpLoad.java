package orderflow.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import orderflow.order.NewOrder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Sends orders over a number of connections. With a rate each order has its time, whether or not
 * those before it have been answered, and its latency counts from that time: a slow answer can't
 * hide the wait of those behind it.
 */
final class HttpLoad {

  private static final long NANOS = 1_000_000_000;

  /**
   * What came of it.
   *
   * @param latency microseconds, from an order's time to its 201
   * @param turnedAway microseconds from sending to a 503: what the server takes for it, as a sender
   *     that waits for a free connection is the load's own want
   * @param taken the id of each order, and when its 201 came, in microseconds since 1970
   */
  record Outcome(Histogram latency, Histogram turnedAway, Map<String, Long> taken, double seconds) {

    double perSecond() {
      return taken.size() / seconds;
    }
  }

  private final int port;
  private final List<NewOrder> orders;
  private final List<byte[]> bodies;
  private final long interval;
  private final AtomicInteger next = new AtomicInteger();
  private final ConcurrentHistogram latency = new ConcurrentHistogram(3);
  private final ConcurrentHistogram turnedAway = new ConcurrentHistogram(3);
  private final boolean maybeTooMany;
  private final Map<String, Long> taken;
  private long begin;

  private HttpLoad(int port, List<NewOrder> orders, double rate, boolean maybeTooMany) {
    this.port = port;
    this.maybeTooMany = maybeTooMany;
    this.orders = orders;
    this.bodies = orders.stream().map(ShopOrder::json).toList();
    this.interval = rate == 0 ? 0 : Math.round(NANOS / rate);
    this.taken = new ConcurrentHashMap<>(2 * orders.size());
  }

  /** Each connection sends its next order as soon as it has the answer to the one before. */
  static Outcome closed(int port, int connections, List<NewOrder> orders) throws Exception {
    return new HttpLoad(port, orders, 0, false).run(connections);
  }

  /** So many orders a second. */
  static Outcome open(int port, double rate, List<NewOrder> orders) throws Exception {
    return new HttpLoad(port, orders, rate, false).run(128);
  }

  /** So many orders a second over as many connections as it takes; a 503 is an answer, too. */
  static Outcome overload(int port, double rate, int connections, List<NewOrder> orders)
      throws Exception {
    return new HttpLoad(port, orders, rate, true).run(connections);
  }

  private Outcome run(int connections) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    List<ShopConnection> open = new ArrayList<>();
    try {
      for (int i = 0; i < connections; i++) {
        open.add(new ShopConnection(port));
      }
      begin = System.nanoTime();
      List<Future<?>> senders = new ArrayList<>();
      for (ShopConnection connection : open) {
        senders.add(threads.submit(() -> send(connection)));
      }
      for (Future<?> sender : senders) {
        sender.get();
      }
      return new Outcome(latency, turnedAway, taken, (System.nanoTime() - begin) / (double) NANOS);
    } catch (ExecutionException e) {
      throw new IOException("an order was not taken", e.getCause());
    } finally {
      threads.shutdownNow();
      for (ShopConnection connection : open) {
        connection.close();
      }
    }
  }

  private Void send(ShopConnection connection) throws IOException {
    for (int n = next.getAndIncrement(); n < orders.size(); n = next.getAndIncrement()) {
      long due = interval == 0 ? System.nanoTime() : begin + n * interval;
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      long sent = System.nanoTime();
      try {
        String location = connection.post("/api/orders", bodies.get(n), orders.get(n).reference());
        latency.recordValue((System.nanoTime() - due) / 1000);
        taken.put(location.substring(location.lastIndexOf('/') + 1), Now.micros());
      } catch (ShopConnection.TurnedAway e) {
        if (!maybeTooMany) {
          throw e;
        }
        turnedAway.recordValue((System.nanoTime() - sent) / 1000);
      }
    }
    return null;
  }
}
