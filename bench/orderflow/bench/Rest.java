package orderflow.bench;

import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What it costs to do nothing, and what is held in memory then. */
final class Rest implements Stage {

  static final String NAME = "at rest for 60 s";
  static final String CPU = "% of a core, ";

  private static final int SETTLE_SECONDS = 15;
  private static final int SECONDS = 60;

  @Override
  public void run(Rig rig, Report report) throws Exception {
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    Cpu cpu = rig.cpu();
    TimeUnit.SECONDS.sleep(SECONDS);
    Map<String, Double> used = cpu.used();
    report.section(NAME);
    used.forEach((name, seconds) -> report.add(CPU + name, 100 * seconds / SECONDS));

    long pid = rig.application.process().pid();
    report.section("memory of the application, MiB");
    report.add("process, at most", Machine.peakMemory(rig.application.process()));
    Diagnosis.run(pid, "GC.run");
    report.add("heap in use after a full collection", Diagnosis.heapInUse(pid));
  }
}
