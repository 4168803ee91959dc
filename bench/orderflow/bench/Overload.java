package orderflow.bench;

import java.util.List;
import orderflow.order.NewOrder;

/** Twice as many orders as are carried, and what is carried right after. */
final class Overload implements Stage {

  /**
   * A load on the same machine takes the processor from the server that it waits for, and so never
   * has as many orders there as the server's own queue has room for: this one is soon full.
   */
  static final String[] SETTINGS = {
    "-Dorderflow.intake.queue-capacity=100", "-Dorderflow.intake.batch=20"
  };

  private static final String CARRIED = "closed loop of 32 connections";
  private static final int ORDERS = 10_000;
  private static final int SECONDS = 10;
  private static final int CONNECTIONS = 1000;

  @Override
  public void run(Rig rig, Report report) throws Exception {
    int port = rig.application.port();
    List<NewOrder> few = rig.orders(ORDERS);
    rig.effects.forget();
    HttpLoad.Outcome before = HttpLoad.closed(port, Rig.CONNECTIONS, few);
    rig.effects.await(ORDERS, Rig.coupons(few), Rig.PATIENCE);
    rig.settle();
    double rate = 2 * before.perSecond();
    List<NewOrder> orders = rig.orders((int) (rate * SECONDS));
    List<NewOrder> more = rig.orders(ORDERS);
    rig.effects.forget();
    long coupons = coupons(rig);
    HttpLoad.Outcome outcome = HttpLoad.overload(port, rate, CONNECTIONS, orders);
    HttpLoad.Outcome after = HttpLoad.closed(port, Rig.CONNECTIONS, more);
    rig.effects.await(
        outcome.taken().size() + ORDERS, (int) (coupons(rig) - coupons), Rig.PATIENCE);
    rig.settle();

    report.section("overload, %,.0f orders a second for %d s".formatted(rate, SECONDS));
    report.add(CARRIED + " before, orders a second", before.perSecond());
    report.add("answered 201, a second", outcome.perSecond());
    report.add("  as a ratio to before", outcome.perSecond() / before.perSecond());
    report.add("answered 503, a second", outcome.turnedAway().getTotalCount() / outcome.seconds());
    report.add("sent, a second", orders.size() / outcome.seconds());
    report.latency("201", outcome.latency());
    report.latency("503", outcome.turnedAway());
    report.add(CARRIED + " right after, orders a second", after.perSecond());
    report.add("  as a ratio to before", after.perSecond() / before.perSecond());
    report.add("longest wait for a 201 then, ms", after.latency().getMaxValue() / 1000.0);
  }

  /** Of all orders so far: which of them are turned away is not known beforehand. */
  private static long coupons(Rig rig) throws Exception {
    return rig.servers.postgres.number("select count(*) from coupon_redemption");
  }
}
