package orderflow.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The file drop against COPY, and HTTP beside it: see import.sh. */
final class ImportBench {

  private static final int RATE = 50;
  private static final int SECONDS = 15;
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Rig rig;
  private final Report report;
  private final int rows;

  private ImportBench(Rig rig, Report report, int rows) {
    this.rig = rig;
    this.report = report;
    this.rows = rows;
  }

  public static void main(String[] arguments) throws Exception {
    int rows = arguments.length == 0 ? 1_000_000 : Integer.parseInt(arguments[0]);
    var report = new Report();
    report.about("machine", Machine.description());
    report.about("at", Instant.now().toString());
    report.about("application run by", Rig.JAVA + " " + String.join(" ", Rig.OPTIONS));
    report.about("rows", rows);
    try (Rig rig = Rig.start("import")) {
      var bench = new ImportBench(rig, report, rows);
      bench.alone("cold");
      bench.alone("warm");
      bench.http("at rest");
      bench.beside();
    }
    report.save(Path.of("target/bench/import.json"));
    System.exit(0);
  }

  private void alone(String run) throws Exception {
    report.section(run);
    long effectsBefore = effects();
    Cpu cpu = rig.cpu();
    try (var heap = new PeakHeap(rig.application.process())) {
      long began = drop(run, null);
      until(() -> Files.exists(done(run)));
      double seconds = since(began);
      int orders = (int) column(run, "accepted");
      Map<String, Double> ofImport = cpu.used();
      report.add("orders accepted", orders);
      report.add("orders rejected", column(run, "rejected"));
      report.add("s from drop to done/", seconds);
      report.add("orders a second", orders / seconds);
      report.add("peak heap, MiB", heap.mib());
      report.cpu(ofImport, orders);
      long ended = System.nanoTime();
      until(() -> effects() - effectsBefore >= 2L * orders);
      rig.settle();
      report.add("s from done/ to the last effect", since(ended));
      report.add("peak heap with effects, MiB", heap.mib());
      double copy = copySeconds(run);
      report.add("orders a second by COPY, median of 3", orders / copy);
      report.add("ratio to COPY", copy / seconds);
    }
  }

  /** The median of three, as it differs from one time to the next. */
  private double copySeconds(String run) throws Exception {
    double[] seconds = new double[3];
    for (int n = 0; n < seconds.length; n++) {
      seconds[n] = Copy.seconds(rig.servers.postgres, rig.servers.folder(), run);
    }
    rig.servers.postgres.checkpoint(); // so that none of it falls into what comes next
    Arrays.sort(seconds);
    return seconds[1];
  }

  private void http(String when) throws Exception {
    HttpLoad.Outcome outcome =
        HttpLoad.open(rig.application.port(), RATE, rig.orders(RATE * SECONDS));
    report.section("%d orders a second by HTTP for %d s, %s".formatted(RATE, SECONDS, when));
    report.latency("POST", outcome.latency());
  }

  private void beside() throws Exception {
    // Orders of the file want the same campaign's coupon as those by HTTP.
    long began = drop("beside", ShopOrder.COUPON);
    until(() -> number("select count(*) from import where file = 'beside.csv'") == 1);
    http("beside an import");
    report.add("import ended already (1) or not (0)", Files.exists(done("beside")) ? 1 : 0);
    until(() -> Files.exists(done("beside")));
    report.add("s from drop to done/", since(began));
  }

  private long drop(String run, @Nullable String coupon) throws Exception {
    Path part = rig.application.inbox().resolve(run + ".part");
    OrderFile.mixed(part, run, rows, coupon);
    long began = System.nanoTime();
    Files.move(part, rig.application.inbox().resolve(run + ".csv"));
    return began;
  }

  private Path done(String run) {
    return rig.application.inbox().resolve("done").resolve(run + ".csv");
  }

  /** Points booked and mails sent. */
  private long effects() throws Exception {
    return number(
        "select (select count(*) from point_entry)"
            + " + (select count(*) from mail where state <> 'QUEUED')");
  }

  private long column(String run, String name) throws Exception {
    return number("select " + name + " from import where file = '" + run + ".csv'");
  }

  private long number(String query) throws Exception {
    return rig.servers.postgres.number(query);
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  /** Looks rarely enough to cost nothing. */
  private static void until(Condition condition) throws Exception {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("nothing came of it for " + LONGEST);
      }
      Thread.sleep(100);
    }
  }
}
