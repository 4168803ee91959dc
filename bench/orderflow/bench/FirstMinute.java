package orderflow.bench;

import java.util.List;
import java.util.Map;
import orderflow.order.NewOrder;

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

    List<NewOrder> orders = rig.orders(rate * SECONDS);
    rig.effects.forget();
    Cpu cpu = rig.cpu();
    HttpLoad.Outcome outcome = HttpLoad.open(rig.application.port(), rate, orders);
    rig.effects.await(orders.size(), Rig.coupons(orders), Rig.PATIENCE);
    rig.settle();
    Map<String, Double> used = cpu.used();
    report.latency(OpenLoop.POST, outcome.latency());
    report.latency(OpenLoop.MAIL, Effects.since(outcome.taken(), rig.effects.mails()));
    report.cpu(used, orders.size());
  }
}
