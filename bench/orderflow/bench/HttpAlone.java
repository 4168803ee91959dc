package orderflow.bench;

import java.util.List;
import orderflow.order.NewOrder;

/** Orders onto disk and nothing more: the broker is halted meanwhile. */
final class HttpAlone implements Stage {

  static final String NAME = "HTTP alone, 20,000 orders onto disk over 32 connections";
  static final String RATE = "orders a second";

  private static final int ORDERS = 20_000;

  @Override
  public void run(Rig rig, Report report) throws Exception {
    List<NewOrder> orders = rig.orders(ORDERS);
    rig.effects.forget();
    HttpLoad.Outcome outcome;
    Cpu cpu = rig.cpu();
    Signals.halt(rig.servers.kafka);
    try {
      outcome = HttpLoad.closed(rig.application.port(), Rig.CONNECTIONS, orders);
      report.section(NAME);
      report.add(RATE, outcome.perSecond());
      report.latency("POST", outcome.latency());
      report.cpu(cpu.used(), ORDERS);
    } finally {
      Signals.goOn(rig.servers.kafka);
    }
    rig.effects.await(ORDERS, Rig.coupons(orders), Rig.PATIENCE);
    rig.settle();
  }
}
