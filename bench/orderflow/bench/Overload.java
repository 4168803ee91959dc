package orderflow.bench;

import java.util.List;
import orderflow.order.NewOrder;

/** About twice as many orders as can be carried, and what is carried right after. */
final class Overload implements Stage {

  private static final int RATE = 3000;
  private static final int SECONDS = 15;

  /** More than orders can wait, so that some are turned away. */
  private static final int CONNECTIONS = 2000;

  private static final int AFTERWARDS = 5000;

  @Override
  public void run(Rig rig, Report report) throws Exception {
    List<NewOrder> orders = rig.orders(RATE * SECONDS);
    List<NewOrder> more = rig.orders(AFTERWARDS);
    rig.effects.forget();
    long coupons = coupons(rig);
    int port = rig.application.port();
    HttpLoad.Outcome outcome = HttpLoad.overload(port, RATE, CONNECTIONS, orders);
    HttpLoad.Outcome after = HttpLoad.closed(port, Rig.CONNECTIONS, more);
    rig.effects.await(
        outcome.taken().size() + AFTERWARDS, (int) (coupons(rig) - coupons), Rig.PATIENCE);
    rig.settle();

    report.section("overload, %,d orders a second for %d s".formatted(RATE, SECONDS));
    report.add("answered 201, a second", outcome.perSecond());
    report.add("answered 503, a second", outcome.turnedAway().getTotalCount() / outcome.seconds());
    report.latency("201", outcome.latency());
    report.latency("503", outcome.turnedAway());
    report.add("the next 5,000 in a closed loop, orders a second", after.perSecond());
  }

  /** Of all orders so far: which of them were turned away can't be told beforehand. */
  private static long coupons(Rig rig) throws Exception {
    return rig.servers.postgres.number("select count(*) from coupon_redemption");
  }
}
