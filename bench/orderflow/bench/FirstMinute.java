package orderflow.bench;

/**
 * Orders at a steady rate from the moment on at which a process that has just been started is
 * ready: most of its code has not been compiled yet.
 */
final class FirstMinute implements Stage {

  private static final int SECONDS = 60;

  private final int rate;

  FirstMinute(int rate) {
    this.rate = rate;
  }

  @Override
  public void run(Rig rig, Report report) throws Exception {
    rig.application.close();
    long began = System.nanoTime();
    rig.application.start();
    double start = (System.nanoTime() - began) / 1e9;
    double startCpu = Machine.cpuSeconds(rig.application.process());
    report.section("the first 60 s after a start, %,d orders a second".formatted(rate));
    report.add("start to ready, s", start);
    report.add("CPU s of the start, application", startCpu);
    new OpenLoop(rate, SECONDS).measure(rig, report);
  }
}
