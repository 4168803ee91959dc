package orderflow.bench;

import java.nio.file.Path;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** From the start of the process until it takes orders, on servers that are there. */
final class Start implements Stage {

  private static final int TIMES = 3;

  @Override
  public void run(Rig rig, Report report) throws Exception {
    rig.application.close();
    report.section("start, the middle one of " + TIMES);
    Path extracted = rig.servers.extractedJar();
    measure(rig, report, "jar", rig.servers.jar());
    measure(rig, report, "extracted jar", extracted);
    Path classes = extracted.resolveSibling("orderflow.jsa");
    start(rig, extracted, "-XX:ArchiveClassesAtExit=" + classes);
    rig.application.close();
    measure(
        rig,
        report,
        "extracted jar with shared classes",
        extracted,
        "-XX:SharedArchiveFile=" + classes);
    start(rig, rig.servers.jar());
  }

  private static void measure(Rig rig, Report report, String name, Path jar, String... options)
      throws Exception {
    double[] seconds = new double[TIMES];
    double[] cpu = new double[TIMES];
    for (int i = 0; i < TIMES; i++) {
      long began = System.nanoTime();
      start(rig, jar, options);
      seconds[i] = (System.nanoTime() - began) / 1e9;
      cpu[i] = Machine.cpuSeconds(rig.application.process());
      rig.application.close();
    }
    report.add(name + ", s", middle(seconds));
    report.add(name + ", CPU s", middle(cpu));
  }

  private static void start(Rig rig, Path jar, String... options) throws Exception {
    String[] all = Stream.of(Rig.OPTIONS, options).flatMap(Stream::of).toArray(String[]::new);
    rig.application.by(jar, Rig.JAVA, all).start();
  }

  private static double middle(double[] values) {
    return DoubleStream.of(values).sorted().toArray()[values.length / 2];
  }
}
