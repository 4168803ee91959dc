package orderflow.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import orderflow.order.NewOrder;
import org.HdrHistogram.ConcurrentHistogram;

/** Orders at a steady rate, alone and beside many clients that read without a pause. */
final class Readers implements Stage {

  private static final int READERS = 256;
  private static final int RATE = 100;
  private static final int SECONDS = 20;
  private static final int CONNECTIONS = 128;
  private static final String POST = "POST";

  @Override
  public void run(Rig rig, Report report) throws Exception {
    int port = rig.application.port();
    report.section("%,d orders a second, nothing beside them".formatted(RATE));
    HttpLoad.Outcome alone = place(rig, report);
    List<String> addresses =
        alone.taken().keySet().stream().map(id -> "/api/orders/" + id).toList();

    report.section(
        "%,d orders a second beside %,d clients that read GET /api/orders/{id}"
            .formatted(RATE, READERS));
    Load load = new Load(port, addresses);
    load.start();
    HttpLoad.Outcome beside;
    try {
      beside = place(rig, report);
    } finally {
      load.stop();
    }
    report.add("reads answered 200, a second", load.answered.get() / load.seconds());
    report.add("reads answered 503, a second", load.turnedAway.get() / load.seconds());
    report.add("reads that failed", load.failed.get());
    report.latency("GET answered 200", load.latency);
    report.add(
        "POST p99 as a ratio to that without readers",
        beside.latency().getValueAtPercentile(99)
            / (double) Math.max(1, alone.latency().getValueAtPercentile(99)));
  }

  private static HttpLoad.Outcome place(Rig rig, Report report) throws Exception {
    List<NewOrder> orders = rig.orders(RATE * SECONDS);
    HttpLoad.Outcome outcome = HttpLoad.overload(rig.application.port(), RATE, CONNECTIONS, orders);
    report.latency(POST, outcome.latency());
    report.add("orders answered 503", outcome.turnedAway().getTotalCount());
    return outcome;
  }

  /** Clients that ask for the next order as soon as they have the one before. */
  private static final class Load {

    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong turnedAway = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final ConcurrentHistogram latency = new ConcurrentHistogram(3);
    private final ExecutorService threads = Executors.newFixedThreadPool(READERS);
    private final List<Future<?>> readers = new ArrayList<>();
    private final int port;
    private final List<String> addresses;
    private long began;
    private long ended;
    private volatile boolean over;

    Load(int port, List<String> addresses) {
      this.port = port;
      this.addresses = addresses;
    }

    void start() {
      began = System.nanoTime();
      for (int i = 0; i < READERS; i++) {
        int first = i;
        readers.add(threads.submit(() -> read(first)));
      }
    }

    void stop() throws Exception {
      over = true;
      for (Future<?> reader : readers) {
        reader.get();
      }
      ended = System.nanoTime();
      threads.shutdownNow();
    }

    double seconds() {
      return (ended - began) / 1e9;
    }

    private void read(int first) {
      int next = first;
      while (!over) {
        try (ShopConnection connection = new ShopConnection(port)) {
          while (!over) {
            long sent = System.nanoTime();
            int status = connection.get(addresses.get(next++ % addresses.size()));
            if (status == 200) {
              latency.recordValue((System.nanoTime() - sent) / 1000);
            }
            (status == 200 ? answered : status == 503 ? turnedAway : failed).incrementAndGet();
          }
        } catch (java.io.IOException e) {
          failed.incrementAndGet();
        }
      }
    }
  }
}
