package orderflow.bench;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The main benchmark: see throughput.sh. */
final class Throughput {

  /** Orders that are sent, with all that follows from them, before anything is measured. */
  private static final int WARM_UP =
      Integer.parseInt(System.getenv().getOrDefault("BENCH_WARM_UP", "20000"));

  /**
   * Runs only when it is named, and is best named alone: the application has other settings then,
   * and the load a thousand threads.
   */
  private static final String OVERLOAD = "overload";

  /** Runs only when it is named: its clients take most of a small machine. */
  private static final String READERS = "readers";

  /** Runs only when it is named: it starts the application anew. */
  private static final String FIRST = "first";

  /** What follows is the folder of another program, to be measured beside this one. */
  private static final String WITH = "--with";

  /** The parts that any program can be measured by. */
  private static final Set<String> BESIDE = Set.of("closed", "open", "rest", FIRST);

  /** Of each open loop. */
  private static final int SECONDS = 30;

  private Throughput() {}

  public static void main(String[] arguments) throws Exception {
    Map<String, List<Stage>> stages = new LinkedHashMap<>();
    stages.put("closed", List.of(new ClosedLoop()));
    stages.put("http", List.of(new HttpAlone()));
    stages.put("open", openLoops("200 1000"));
    stages.put(OVERLOAD, List.of(new Overload()));
    stages.put(READERS, List.of(new Readers()));
    stages.put("backlog", List.of(new Backlog()));
    stages.put("limits", List.of(new Limits()));
    stages.put("rest", List.of(new Rest()));
    stages.put("start", List.of(new Start()));
    stages.put(FIRST, List.of(new FirstMinute(rates("200").get(0))));
    Path peer = null;
    if (arguments.length > 1 && arguments[0].equals(WITH)) {
      peer = Path.of(arguments[1]);
      arguments = Arrays.copyOfRange(arguments, 2, arguments.length);
      stages.keySet().retainAll(BESIDE);
      stages.put("open", openLoops("100 200"));
    }
    List<String> wanted =
        arguments.length == 0
            ? stages.keySet().stream()
                .filter(name -> !Set.of(OVERLOAD, READERS, FIRST).contains(name))
                .toList()
            : Arrays.asList(arguments);
    if (!stages.keySet().containsAll(wanted)) {
      System.err.println(
          "usage: bench/throughput.sh [--with FOLDER] ["
              + String.join("] [", stages.keySet())
              + "]");
      System.exit(2);
    }
    if (peer != null) {
      Beside.run(peer, wanted.stream().map(stages::get).flatMap(List::stream).toList(), WARM_UP);
      System.exit(0);
    }
    var report = new Report();
    report.about("machine", Machine.description());
    report.about("at", Instant.now().toString());
    report.about("application run by", Rig.JAVA + " " + String.join(" ", Rig.OPTIONS));
    String[] settings = wanted.contains(OVERLOAD) ? Overload.SETTINGS : new String[0];
    try (Rig rig = Rig.start("throughput", settings)) {
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
      Ratios.add(report);
      Aims.print(report);
    }
    report.save(Path.of("target/bench/throughput.json"));
    System.exit(0);
  }

  private static List<Stage> openLoops(String usualRates) {
    return rates(usualRates).stream().<Stage>map(rate -> new OpenLoop(rate, SECONDS)).toList();
  }

  private static List<Integer> rates(String usual) {
    String rates = System.getenv().getOrDefault("BENCH_RATES", usual);
    return Stream.of(rates.strip().split(" +")).map(Integer::valueOf).toList();
  }
}
