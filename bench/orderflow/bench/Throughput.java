package orderflow.bench;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The main benchmark: see throughput.sh. */
final class Throughput {

  /** The processes whose time is an order's price. */
  static final Set<String> COUNTED =
      new java.util.LinkedHashSet<>(List.of(Rig.APPLICATION, Rig.POSTGRES, Rig.KAFKA));

  /** Orders that are sent, with all that follows from them, before anything is measured. */
  private static final int WARM_UP =
      Integer.parseInt(System.getenv().getOrDefault("BENCH_WARM_UP", "20000"));

  private Throughput() {}

  public static void main(String[] arguments) throws Exception {
    Map<String, List<Stage>> stages = new LinkedHashMap<>();
    stages.put("closed", List.of(new ClosedLoop()));
    stages.put("http", List.of(new HttpAlone()));
    stages.put("open", List.of(new OpenLoop(200, 30), new OpenLoop(1000, 20)));
    stages.put("backlog", List.of(new Backlog()));
    stages.put("rest", List.of(new Rest()));
    List<String> wanted =
        arguments.length == 0 ? List.copyOf(stages.keySet()) : Arrays.asList(arguments);
    if (!stages.keySet().containsAll(wanted)) {
      System.err.println(
          "usage: bench/throughput.sh [" + String.join("] [", stages.keySet()) + "]");
      System.exit(2);
    }
    var report = new Report();
    report.about("machine", Machine.description());
    report.about("at", Instant.now().toString());
    report.about("application run by", Rig.JAVA + " " + String.join(" ", Rig.OPTIONS));
    try (Rig rig = Rig.start("throughput")) {
      long began = System.nanoTime();
      rig.warmUp(WARM_UP);
      report.about(
          "warm-up",
          "%,d orders, %d s".formatted(WARM_UP, (System.nanoTime() - began) / 1_000_000_000));
      for (String name : wanted) {
        for (Stage stage : stages.get(name)) {
          stage.run(rig, report);
        }
      }
    }
    report.save(Path.of("target/bench/throughput.json"));
    System.exit(0);
  }
}
