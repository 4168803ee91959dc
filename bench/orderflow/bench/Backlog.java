package orderflow.bench;

import java.util.List;
import java.util.Map;
import orderflow.order.NewOrder;
import orderflow.order.PlacedOrder;
import orderflow.outbox.EventType;

/**
 * Events of orders that another system took, which wait on the topic while the application is
 * halted.
 */
final class Backlog implements Stage {

  static final String NAME = "backlog of 200,000 events";
  static final String POINTS = "points, events a second until the last";
  static final String COUPONS = "events a second until the last coupon was used";
  static final String MAILS = "mails a second, once points and coupons are done";

  private static final int EVENTS = 200_000;

  @Override
  public void run(Rig rig, Report report) throws Exception {
    List<NewOrder> orders = rig.orders(EVENTS);
    List<PlacedOrder> events = orders.stream().map(ShopOrder::placed).toList();
    int coupons = Rig.coupons(orders);
    rig.effects.forget();
    Signals.halt(rig.application);
    try (var producer =
        new BareProducer(rig.servers.brokers(), EventType.ORDER_COMPLETED.topic())) {
      producer.send(events);
    } finally {
      Signals.goOn(rig.application);
    }
    Cpu cpu = rig.cpu();
    long began = Now.micros();
    long last = rig.effects.await(EVENTS, coupons, Rig.PATIENCE);
    rig.settle();
    Map<String, Double> used = cpu.used();

    Map<String, Long> mails = rig.effects.mails();
    long pointsDone = Effects.last(rig.effects.points());
    long couponsDone = Effects.last(rig.effects.coupons());
    long bothDone = Math.max(pointsDone, couponsDone);
    long mailsAfter = mails.values().stream().filter(at -> at > bothDone).count();
    report.section(NAME);
    report.add(POINTS, perSecond(EVENTS, began, pointsDone));
    report.add(COUPONS, perSecond(EVENTS, began, couponsDone));
    report.add("coupons used", coupons);
    report.add("mails a second, all in all", perSecond(EVENTS, began, Effects.last(mails)));
    report.add(MAILS, perSecond(mailsAfter, bothDone, Effects.last(mails)));
    report.add("time until the last effect, s", (last - began) / 1e6);
    report.cpu(used, EVENTS);
  }

  private static double perSecond(long count, long from, long to) {
    return count / ((to - from) / 1e6);
  }
}
