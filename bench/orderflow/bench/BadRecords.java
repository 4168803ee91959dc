package orderflow.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import orderflow.order.NewOrder;
import orderflow.outbox.EventType;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * How much a share of bad records slows the consumers down: backlogs without and with them, in
 * turn. Half of the bad ones are no JSON, half name a coupon that does not exist, which is seen
 * only when a statement's whole batch has been refused.
 */
final class BadRecords {

  private static final int EVENTS = 100_000;
  private static final int ROUNDS = 2;

  private final Rig rig;
  private final BareProducer producer;

  private BadRecords(Rig rig, BareProducer producer) {
    this.rig = rig;
    this.producer = producer;
  }

  public static void main(String[] arguments) throws Exception {
    Report report = new Report();
    report.about("machine", Machine.description());
    try (Rig rig = Rig.start("BadRecords");
        BareProducer producer =
            new BareProducer(rig.servers.brokers(), EventType.ORDER_COMPLETED.topic())) {
      rig.warmUp(20_000);
      new BadRecords(rig, producer).run(report);
      report.save(rig.servers.folder().resolve("bad-records.json"));
    }
  }

  private void run(Report report) throws Exception {
    List<Double> shares = new ArrayList<>();
    for (int round = 1; round <= ROUNDS; round++) {
      report.section("Round " + round + ", " + EVENTS + " events");
      double without = perSecond(false);
      double with = perSecond(true);
      report.add("events a second, all good", without);
      report.add("events a second, 1 % bad", with);
      report.add("share", with / without);
      shares.add(with / without);
    }
  }

  /** Until points and coupons are done and every mail is queued. */
  private double perSecond(boolean bad) throws Exception {
    List<NewOrder> orders = rig.orders(EVENTS);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(EVENTS);
    int noJson = 0;
    int coupons = 0;
    for (int n = 0; n < EVENTS; n++) {
      NewOrder order = orders.get(n);
      if (bad && n % 200 == 0) {
        records.add(noJson(order));
        noJson++;
      } else if (bad && n % 200 == 100) {
        records.add(producer.record(ShopOrder.placed(with("NO-SUCH", order))));
      } else {
        records.add(producer.record(ShopOrder.placed(order)));
        coupons += order.couponCode() == null ? 0 : 1;
      }
    }
    long mailsBefore = mails();
    rig.effects.forget();
    Signals.halt(rig.application);
    try {
      producer.sendRecords(records);
    } finally {
      Signals.goOn(rig.application);
    }
    long began = System.nanoTime();
    while (mails() < mailsBefore + EVENTS - noJson) {
      Thread.sleep(50);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    rig.effects.await(EVENTS - noJson, coupons, Rig.PATIENCE);
    rig.settle();
    return EVENTS / seconds;
  }

  private long mails() throws Exception {
    return rig.servers.postgres.number("select count(*) from mail");
  }

  private static ProducerRecord<byte[], byte[]> noJson(NewOrder order) {
    return new ProducerRecord<>(
        EventType.ORDER_COMPLETED.topic(),
        order.customer().id().getBytes(StandardCharsets.UTF_8),
        "{\"no json".getBytes(StandardCharsets.UTF_8));
  }

  private static NewOrder with(String coupon, NewOrder order) {
    return new NewOrder(
        order.customer(), order.currency(), order.items(), coupon, order.reference());
  }
}
