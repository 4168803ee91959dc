package orderflow.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Kills two instances, Kafka, PostgreSQL and the mail server at random while orders come in, some
 * of which are cancelled or given back, starts each again, freezes the instances for a while, and
 * counts at the end what was lost or done twice.
 */
final class FaultDrill {

  private static final int FAULTS = 20;
  private static final int PROBES = 12;
  private static final int ORDERS_IN_A_FILE = 3_000;
  private static final Duration LONGEST_RECOVERY = Duration.ofMinutes(3);
  private static final Duration FROZEN = Duration.ofSeconds(30);

  /** As long as a load balancer takes to see that an instance gives no answer. */
  private static final Duration UNNOTICED = Duration.ofSeconds(2);

  private final Servers servers;
  private final Map<String, Fault> faults = new LinkedHashMap<>();
  private final Map<String, List<Recovery>> recoveries = new LinkedHashMap<>();
  private final List<OrderflowServer> instances;
  private final DrillShop shop;
  private final DrillTraffic traffic;
  private final Random random;
  private final Report report;

  private FaultDrill(Servers servers, long seed, Report report) throws IOException {
    this.servers = servers;
    this.report = report;
    this.random = new Random(seed);
    this.instances =
        List.of(servers.orderflow("one", Map.of()), servers.orderflow("other", Map.of()));
    faults.put("instance one killed", () -> kill(instances.get(0), "instance one killed"));
    faults.put("instance other killed", () -> kill(instances.get(1), "instance other killed"));
    faults.put("Kafka killed", () -> restart(servers.kafka, "Kafka killed"));
    faults.put("PostgreSQL killed", () -> restart(servers.postgres, "PostgreSQL killed"));
    faults.put("mail server killed", () -> restart(servers.smtp, "mail server killed"));
    faults.put("instance one", () -> freeze(0, "instance one"));
    faults.put("instance other", () -> freeze(1, "instance other"));
    this.shop = new DrillShop(instances);
    this.traffic = new DrillTraffic(shop);
  }

  /**
   * @param arguments how many faults, and the seed that decides which when
   */
  public static void main(String[] arguments) throws Exception {
    int faults = arguments.length > 0 ? Integer.parseInt(arguments[0]) : FAULTS;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime() % 100_000;
    Report report = new Report();
    report.about("machine", Machine.description());
    report.about("seed", seed);
    try (Servers servers = Servers.start("FaultDrill")) {
      new FaultDrill(servers, seed, report).run(faults);
      report.save(servers.folder().resolve("drill.json"));
    }
  }

  private void run(int number) throws Exception {
    for (OrderflowServer instance : instances) {
      instance.start();
    }
    shop.post(
        "/api/coupons",
        """
        {"code":"%s","discount":{"type":"PERCENT","value":"10"},"usageLimit":1000000000}"""
            .formatted(ShopOrder.COUPON));
    traffic.start();
    try (traffic) {
      untilEffectsGoOn(shop, System.nanoTime());
      for (String fault : sequence(number)) {
        if (random.nextInt(4) == 0) {
          traffic.drop(instances.get(random.nextInt(2)).inbox(), ORDERS_IN_A_FILE);
        }
        Thread.sleep(500 + random.nextInt(2_500));
        faults.get(fault).strike();
      }
    }
    report.section("Seconds until effects go on, at most");
    recoveries.forEach(
        (event, each) -> {
          String times = event + " " + each.size() + " times, ";
          report.add(
              times + "points and coupons",
              each.stream().mapToDouble(Recovery::booked).max().orElseThrow());
          report.add(
              times + "mails", each.stream().mapToDouble(Recovery::mailed).max().orElseThrow());
        });
    audit();
  }

  /** Each fault once, then any of them, in an order of the seed's. */
  private List<String> sequence(int number) {
    List<String> names = new ArrayList<>(faults.keySet());
    List<String> sequence = new ArrayList<>(names);
    while (sequence.size() < number) {
      sequence.add(names.get(random.nextInt(names.size())));
    }
    Collections.shuffle(sequence, random);
    return sequence.subList(0, number);
  }

  private interface Fault {
    void strike() throws Exception;
  }

  /** The other instance goes on. */
  private void kill(OrderflowServer instance, String event) throws Exception {
    instance.kill();
    note(event, untilEffectsGoOn(shop, System.nanoTime()));
    instance.start();
  }

  /** What waited for a server goes on once it is there again. */
  private void restart(Server server, String event) throws Exception {
    server.kill();
    Thread.sleep(random.nextInt(4_000));
    server.start();
    note(event, untilEffectsGoOn(shop, System.nanoTime()));
  }

  /** The other instance goes on, and when the frozen one wakes up, both do. */
  private void freeze(int which, String name) throws Exception {
    OrderflowServer instance = instances.get(which);
    Signals.halt(instance);
    long halted = System.nanoTime();
    try {
      Thread.sleep(UNNOTICED.toMillis());
      shop.avoid(instance);
      note(
          name + " frozen",
          untilEffectsGoOn(new DrillShop(List.of(instances.get(1 - which))), halted));
      long left = FROZEN.toNanos() - (System.nanoTime() - halted);
      Thread.sleep(Math.max(0, left / 1_000_000));
    } finally {
      Signals.goOn(instance);
    }
    long woken = System.nanoTime();
    shop.avoid(null);
    note(name + " woken", untilEffectsGoOn(new DrillShop(List.of(instance)), woken));
  }

  private void note(String event, Recovery recovery) {
    recoveries.computeIfAbsent(event, name -> new ArrayList<>()).add(recovery);
    System.out.printf(
        "%-22s points and coupons go on after %5.1f s, mails after %5.1f s%n",
        event, recovery.booked, recovery.mailed);
  }

  /**
   * When the last of some orders had its effects, in seconds.
   *
   * @param booked its points and its coupon
   */
  private record Recovery(double booked, double mailed) {}

  /** Until orders of different customers, placed there from then on, have all their effects. */
  private Recovery untilEffectsGoOn(DrillShop at, long since) throws InterruptedException {
    List<String> probes = new ArrayList<>();
    for (int n = 0; n < PROBES; n++) {
      probes.add(traffic.placeOne(at));
    }
    Set<String> unbooked = new HashSet<>(probes);
    Set<String> unmailed = new HashSet<>(probes);
    double booked = 0;
    double mailed = 0;
    while (!probes.isEmpty()) {
      Thread.sleep(50);
      if (System.nanoTime() - since > LONGEST_RECOVERY.toNanos()) {
        throw new IllegalStateException("effects do not go on, see " + servers.folder());
      }
      for (String order : probes) {
        JsonNode effects = at.get("/api/orders/" + order).get("effects");
        double seconds = (System.nanoTime() - since) / 1e9;
        if (isOver(effects, "points") && isOver(effects, "coupon") && unbooked.remove(order)) {
          booked = seconds;
        }
        if (isOver(effects, "email") && unmailed.remove(order)) {
          mailed = seconds;
        }
      }
      probes.removeIf(order -> !unbooked.contains(order) && !unmailed.contains(order));
    }
    return new Recovery(booked, mailed);
  }

  private static boolean isOver(JsonNode effects, String effect) {
    return List.of("DONE", "NONE").contains(effects.get(effect).get("status").textValue());
  }

  private void audit() throws Exception {
    DrillAudit audit = new DrillAudit(servers, shop, traffic);
    long end = System.nanoTime() + LONGEST_RECOVERY.toNanos();
    while (System.nanoTime() < end && !isQuiet(audit.orders())) {
      Thread.sleep(500);
    }
    audit.tell(report);
    report.add("requests sent again", shop.repeated());
    report.add("answers other than 201 and 503", traffic.failures().size());
    traffic.failures().stream().distinct().limit(5).forEach(System.out::println);
  }

  /** A hidden file is Orderflow's own. */
  private static boolean isDropped(Path file) {
    return Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".");
  }

  /** Files are imported, and nothing waits in the outbox or among the mails. */
  private boolean isQuiet(int orders) throws Exception {
    for (OrderflowServer instance : instances) {
      try (var files = Files.list(instance.inbox())) {
        if (files.anyMatch(FaultDrill::isDropped)) {
          return false;
        }
      }
    }
    return servers.postgres.number(
                "select (select count(*) from outbox)"
                    + " + (select count(*) from mail where state = 'QUEUED')")
            == 0
        && servers.postgres.number("select count(*) from mail where kind = 'CONFIRMATION'")
            >= orders;
  }
}
