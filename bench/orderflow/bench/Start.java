package orderflow.bench;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.DoubleStream;

/** From the start of the process until it takes orders, on servers that are there. */
final class Start implements Stage {

  private static final int TIMES = 3;

  @Override
  public void run(Rig rig, Report report) throws Exception {
    rig.application.close();
    report.section("start, s, the middle one of " + TIMES);
    for (Map.Entry<String, Path> program :
        Map.of("jar", rig.servers.jar(), "extracted jar", rig.servers.extractedJar()).entrySet()) {
      double[] seconds = new double[TIMES];
      for (int i = 0; i < TIMES; i++) {
        long began = System.nanoTime();
        rig.application.by(program.getValue(), Rig.JAVA, Rig.OPTIONS).start();
        seconds[i] = (System.nanoTime() - began) / 1e9;
        rig.application.close();
      }
      report.add(program.getKey(), DoubleStream.of(seconds).sorted().toArray()[TIMES / 2]);
    }
    rig.application.start();
  }
}
