package orderflow.bench;

import java.util.List;
import java.util.Map;
import orderflow.order.NewOrder;

/** Orders at a steady rate, each at its own time. */
final class OpenLoop implements Stage {

  static final String POST = "POST";
  static final String MAIL = "201 to mail received";

  private final int rate;
  private final int seconds;

  OpenLoop(int rate, int seconds) {
    this.rate = rate;
    this.seconds = seconds;
  }

  static String name(int rate) {
    return "open loop, %,d orders a second".formatted(rate);
  }

  @Override
  public void run(Rig rig, Report report) throws Exception {
    report.section(name(rate));
    measure(rig, report);
  }

  /** Adds its figures to the section that the report is at. */
  void measure(Rig rig, Report report) throws Exception {
    List<NewOrder> orders = rig.orders(rate * seconds);
    rig.effects.forget();
    Cpu cpu = rig.cpu();
    HttpLoad.Outcome outcome = HttpLoad.open(rig.application.port(), rate, orders);
    rig.effects.await(orders.size(), Rig.coupons(orders), Rig.PATIENCE);
    rig.settle();
    Map<String, Double> used = cpu.used();

    report.latency(POST, outcome.latency());
    report.latency("201 to point.earned", Effects.since(outcome.taken(), rig.effects.points()));
    report.latency(MAIL, Effects.since(outcome.taken(), rig.effects.mails()));
    report.cpu(used, orders.size());
  }
}
