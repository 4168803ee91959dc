package orderflow.bench;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import orderflow.order.PlacedOrder;

/**
 * What the machine can do at most: the same orders by nothing but the driver, the producer, the
 * mail client and an empty route, each alone, the application at rest beside it.
 */
final class Limits implements Stage {

  private static final int ORDERS = 20_000;
  private static final int RECORDS = 200_000;

  /** Sent before each is measured. */
  private static final int WARM_UP = 10_000;

  @Override
  public void run(Rig rig, Report report) throws Exception {
    List<PlacedOrder> first = placed(rig, WARM_UP);
    List<PlacedOrder> orders = placed(rig, ORDERS);
    report.section(Ratios.LIMITS);
    for (int batch : new int[] {100, 500}) {
      try (var jdbc = new BareJdbc(rig.servers.postgres)) {
        jdbc.insert(first, batch);
        measure(
            rig,
            report,
            Ratios.JDBC.formatted(batch),
            ORDERS,
            List.of(Rig.POSTGRES, Cpu.GENERATOR),
            () -> jdbc.insert(orders, batch));
      }
    }
    List<PlacedOrder> events = placed(rig, RECORDS);
    try (var kafka = new BareProducer(rig.servers.brokers())) {
      kafka.send(first);
      measure(
          rig,
          report,
          Ratios.PRODUCER,
          RECORDS,
          List.of(Rig.KAFKA, Cpu.GENERATOR),
          () -> kafka.send(events));
    }
    try (var smtp = new BareSmtp(rig.servers)) {
      smtp.send(WARM_UP);
      measure(
          rig,
          report,
          Ratios.SMTP,
          ORDERS,
          List.of(Rig.SMTP, Cpu.GENERATOR),
          () -> smtp.send(ORDERS));
    }
    BareRoute.measure(rig, report);
  }

  private static List<PlacedOrder> placed(Rig rig, int count) {
    return rig.orders(count).stream().map(ShopOrder::placed).toList();
  }

  private static void measure(
      Rig rig, Report report, String name, int count, List<String> who, Callable<?> work)
      throws Exception {
    Cpu cpu = rig.cpu();
    long began = System.nanoTime();
    work.call();
    report.add(name + ", a second", count / ((System.nanoTime() - began) / 1e9));
    Map<String, Double> used = cpu.used();
    for (String one : who) {
      report.add("  CPU s for 1,000, " + one, 1000 * used.get(one) / count);
    }
  }
}
