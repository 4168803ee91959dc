package orderflow.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A file's import, without what follows from its orders: their events are thrown away. */
final class ImportAlone implements Stage {

  private static final String ACCEPTED = "select accepted from import where file = '%s.csv'";

  private final int rows;
  private int runs;

  ImportAlone(int rows) {
    this.rows = rows;
  }

  @Override
  public void run(Rig rig, Report report) throws Exception {
    String run = "alone" + ++runs;
    Path inbox = rig.application.inbox();
    Path part = inbox.resolve(run + ".part");
    OrderFile.mixed(part, run, rows, null);
    Cpu cpu = rig.cpu();
    try (var heap = new PeakHeap(rig.application.process())) {
      long began = System.nanoTime();
      Files.move(part, inbox.resolve(run + ".csv"));
      while (Files.notExists(inbox.resolve("done").resolve(run + ".csv"))) {
        Thread.sleep(20);
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      Map<String, Double> used = cpu.used();
      int orders = (int) rig.servers.postgres.number(ACCEPTED.formatted(run));
      report.section("import of %,d rows".formatted(rows));
      report.add("orders a second", orders / seconds);
      report.cpu(used, orders);
      report.add("peak heap, MiB", heap.mib());
    }
    rig.servers.postgres.execute("truncate outbox");
  }
}
