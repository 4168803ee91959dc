package orderflow.bench;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Cancellations and returns, over HTTP and by file: see reversals.sh. */
final class ReversalBench {

  private static final int RATE = 200;
  private static final int SECONDS = 20;
  private static final int LONGEST_WARM_UP = 1_000;
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final String POST = "POST /api/orders";

  private final Rig rig;
  private final Report report;
  private final int returns;
  private final int overHttp;

  private ReversalBench(Rig rig, Report report, int returns, int overHttp) {
    this.rig = rig;
    this.report = report;
    this.returns = returns;
    this.overHttp = overHttp;
  }

  public static void main(String[] arguments) throws Exception {
    int returns = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    int overHttp = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2_000;
    var report = new Report();
    report.about("machine", Machine.description());
    report.about("at", Instant.now().toString());
    report.about("application run by", Rig.JAVA + " " + String.join(" ", Rig.OPTIONS));
    report.about("returns in a file", returns);
    report.about("cancellations and returns over HTTP, each", overHttp);
    try (Rig rig = Rig.start("reversals")) {
      new ReversalBench(rig, report, returns, overHttp).run();
    }
    report.save(Path.of("target/bench/reversals.json"));
    System.exit(0);
  }

  private void run() throws Exception {
    int warmUp = Math.min(LONGEST_WARM_UP, overHttp);
    rig.warmUp(warmUp);
    place("warm", 2 * warmUp);
    ReversalLoad.cancel(rig.application.port(), orders("warm").subList(0, warmUp));
    ReversalLoad.giveBack(rig.application.port(), orders("warm").subList(warmUp, 2 * warmUp));

    place("cancel", overHttp);
    over("cancellations", "cancel", ReversalLoad::cancel);
    place("return", overHttp);
    over("returns", "return", ReversalLoad::giveBack);
    place("file", returns);
    byFile();

    report.section("%d orders a second for %d s, nothing beside them".formatted(RATE, SECONDS));
    double alone = orders();
    place("beside", overHttp);
    beside(
        "returns over HTTP",
        alone,
        () -> ReversalLoad.giveBack(rig.application.port(), orders("beside")).seconds());
    place("besidefile", returns);
    beside("a file of returns", alone, () -> giveBack("besidefile"));
  }

  private interface Load {
    ReversalLoad.Outcome run(int port, List<String> orders) throws Exception;
  }

  private void over(String what, String run, Load load) throws Exception {
    report.section("%,d %s over %d connections".formatted(overHttp, what, Rig.CONNECTIONS));
    List<String> orders = orders(run);
    Cpu cpu = rig.cpu();
    ReversalLoad.Outcome outcome = load.run(rig.application.port(), orders);
    report.add(what + " a second", outcome.perSecond());
    report.latency("POST", outcome.latency());
    report.add("answered 503 before", outcome.turnedAway());
    rig.settle();
    report.cpu(cpu.used(), orders.size());
  }

  private void byFile() throws Exception {
    report.section("a file of %,d returns".formatted(returns));
    Cpu cpu = rig.cpu();
    try (var heap = new PeakHeap(rig.application.process())) {
      double seconds = giveBack("file");
      report.add("returns a second", returns / seconds);
      report.add("peak heap, MiB", heap.mib());
      rig.settle();
      report.cpu(cpu.used(), returns);
    }
    report.add(
        "returns accepted", number("select accepted from import where file = 'returns-file.csv'"));
  }

  /** Orders at their rate while something else goes on, which may end before or after them. */
  private void beside(String what, double alone, Callable<Double> load) throws Exception {
    report.section("%d orders a second for %d s beside %s".formatted(RATE, SECONDS, what));
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<Double> other = thread.submit(load);
      double p99 = orders();
      report.add("POST p99 as a ratio to that with nothing beside", p99 / alone);
      report.add("s until " + what + " were done", other.get());
    } finally {
      thread.shutdownNow();
    }
    rig.settle();
  }

  /** Places orders at their rate and returns the 99th percentile in milliseconds. */
  private double orders() throws Exception {
    HttpLoad.Outcome outcome =
        HttpLoad.open(rig.application.port(), RATE, rig.orders(RATE * SECONDS));
    report.latency(POST, outcome.latency());
    return Math.max(0.001, outcome.latency().getValueAtPercentile(99) / 1000.0);
  }

  /** Orders of two items by file, with all that follows from them. */
  private void place(String run, int count) throws Exception {
    Path part = rig.application.inbox().resolve(run + ".part");
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(part))) {
      out.print(
          "orderRef,customerId,customerEmail,customerName,locale,currency,sku,name,quantity,unitPrice,couponCode\n");
      for (int n = 0; n < count; n++) {
        String coupon = n % 10 < 3 ? ShopOrder.COUPON : "";
        String start =
            "%s-%d,c-%d,c%d@example.com,김민지,ko,KRW,".formatted(run, n, n % 10_000, n % 10_000);
        out.print(start + "A,린넨 셔츠,2,39000," + coupon + "\n");
        out.print(start + "B,린넨 모자,1,10000," + coupon + "\n");
      }
    }
    Files.move(part, rig.application.inbox().resolve(run + ".csv"));
    String of = "(select id from orders where reference like '" + run + "-%')";
    until(
        () ->
            number("select count(*) from point_entry where order_id in " + of) == count
                && number("select count(*) from mail where state = 'SENT' and order_id in " + of)
                    == count);
    rig.settle();
  }

  /** Drops a file of returns of the first item of a run's orders, and waits until it is done. */
  private double giveBack(String run) throws Exception {
    Path part = rig.application.inbox().resolve("returns-" + run + ".part");
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(part))) {
      out.print("returnRef,orderRef,sku,quantity,reason\n");
      for (int n = 0; n < returns; n++) {
        out.printf("%1$s-r-%2$d,%1$s-%2$d,A,1,CUSTOMER%n", run, n);
      }
    }
    long began = System.nanoTime();
    Files.move(part, rig.application.inbox().resolve("returns-" + run + ".csv"));
    Path done = rig.application.inbox().resolve("done").resolve("returns-" + run + ".csv");
    until(() -> Files.exists(done));
    return (System.nanoTime() - began) / 1e9;
  }

  private List<String> orders(String run) throws Exception {
    List<String> ids = new ArrayList<>();
    try (Connection database = rig.servers.postgres.connect();
        ResultSet row =
            database
                .createStatement()
                .executeQuery(
                    "select id from orders where reference like '" + run + "-%' order by id")) {
      while (row.next()) {
        ids.add(row.getString(1));
      }
    }
    return ids;
  }

  private long number(String query) throws Exception {
    return rig.servers.postgres.number(query);
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void until(Condition condition) throws Exception {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("nothing came of it for " + LONGEST);
      }
      Thread.sleep(250);
    }
  }
}
