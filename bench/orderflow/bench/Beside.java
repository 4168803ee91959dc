package orderflow.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Orderflow and another program that does the same job, measured in turns in one run: each on
 * servers of its own, the other one at rest meanwhile. The machine's mood is the same for both, so
 * that the ratios can be compared with those of another day.
 */
final class Beside {

  private static final int TURNS =
      Integer.parseInt(System.getenv().getOrDefault("BENCH_TURNS", "2"));

  /** The figures of the turns of one program, by section and figure. */
  private static final class Turns {
    private final Map<String, Map<String, List<Double>>> all = new LinkedHashMap<>();

    void add(Report report) {
      report
          .figures()
          .forEach(
              (section, figures) ->
                  figures.forEach(
                      (figure, value) ->
                          all.computeIfAbsent(section, first -> new LinkedHashMap<>())
                              .computeIfAbsent(figure, first -> new ArrayList<>())
                              .add(value)));
    }

    double median(String section, String figure) {
      List<Double> values = all.getOrDefault(section, Map.of()).getOrDefault(figure, List.of());
      double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      int middle = sorted.length / 2;
      return sorted.length == 0
          ? Double.NaN
          : sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
  }

  private Beside() {}

  /**
   * Measures.
   *
   * @param project the folder of the other program
   * @param stages what both of them do
   */
  static void run(Path project, List<Stage> stages, int warmUp) throws Exception {
    Path program = PeerServer.build(project, Path.of("target/bench/peer-build"));
    Turns ours = new Turns();
    Turns theirs = new Turns();
    Report report = new Report();
    report.about("machine", Machine.description());
    report.about("Orderflow run by", Rig.JAVA + " " + String.join(" ", Rig.OPTIONS));
    report.about("the peer run by", Rig.JAVA + " " + String.join(" ", Rig.PEER_OPTIONS));
    report.about("warm-up of each, orders", warmUp);
    try (Rig orderflow = Rig.start("beside");
        Rig peer = Rig.startPeer(program)) {
      orderflow.warmUp(warmUp);
      peer.warmUp(warmUp);
      for (int turn = 1; turn <= TURNS; turn++) {
        ours.add(turn("Orderflow, turn " + turn, orderflow, stages));
        theirs.add(turn("the peer, turn " + turn, peer, stages));
      }
    }
    System.out.println(
        "\n| medians of " + TURNS + " turns | Orderflow | peer | ratio |\n|---|---|---|---|");
    ours.all.forEach(
        (section, figures) -> {
          report.section(section + ": Orderflow / peer");
          figures
              .keySet()
              .forEach(
                  figure -> {
                    double mine = ours.median(section, figure);
                    double other = theirs.median(section, figure);
                    if (!Double.isNaN(other) && other != 0) {
                      System.out.println(
                          String.format(
                              Locale.ROOT,
                              "| %s: %s | %,.2f | %,.2f | %.2f |",
                              section,
                              figure,
                              mine,
                              other,
                              mine / other));
                      report.add(figure, mine / other);
                    }
                  });
        });
    report.save(Path.of("target/bench/beside.json"));
  }

  private static Report turn(String name, Rig rig, List<Stage> stages) throws Exception {
    System.out.println("\n" + name);
    Report report = new Report();
    for (Stage stage : stages) {
      stage.run(rig, report);
    }
    return report;
  }
}
