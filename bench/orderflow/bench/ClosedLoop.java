package orderflow.bench;

import java.util.List;
import java.util.Map;
import orderflow.order.NewOrder;

/** As many orders as 32 customers can send, and all that follows from them. */
final class ClosedLoop implements Stage {

  static final String NAME = "closed loop, 20,000 orders over 32 connections";
  static final String HTTP = "HTTP, orders a second";
  static final String END_TO_END = "end to end, orders a second";

  private static final int ORDERS = 20_000;

  @Override
  public void run(Rig rig, Report report) throws Exception {
    List<NewOrder> orders = rig.orders(ORDERS);
    rig.effects.forget();
    Cpu cpu = rig.cpu();
    long began = Now.micros();
    HttpLoad.Outcome outcome = HttpLoad.closed(rig.application.port(), Rig.CONNECTIONS, orders);
    long last = rig.effects.await(ORDERS, Rig.coupons(orders), Rig.PATIENCE);
    rig.settle();
    Map<String, Double> used = cpu.used();

    report.section(NAME);
    report.add(HTTP, outcome.perSecond());
    report.latency("POST", outcome.latency());
    report.add("time until the last effect, s", (last - began) / 1e6);
    report.add(END_TO_END, ORDERS / ((last - began) / 1e6));
    report.cpu(used, ORDERS);
  }
}
