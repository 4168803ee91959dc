package orderflow.bench;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import orderflow.JavaProcess;
import orderflow.order.NewOrder;

/**
 * One instance of Orderflow on its servers, with the campaign's coupon, and all that is measured on
 * it.
 */
final class Rig implements AutoCloseable {

  static final String APPLICATION = "application";
  static final String POSTGRES = "PostgreSQL";
  static final String KAFKA = "Kafka";
  static final String SMTP = "mail server";

  /** How many customers send at the same time. */
  static final int CONNECTIONS = 32;

  /** The longest time for effects to come. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  /** The JDK's command that runs the application, and its options: those of the README. */
  static final String JAVA = System.getenv().getOrDefault("BENCH_JAVA", JavaProcess.JAVA);

  static final String[] OPTIONS = options("BENCH_JVM", "-Xmx256m -XX:TieredStopAtLevel=1");

  /** The options of a program that is measured beside it. */
  static final String[] PEER_OPTIONS = options("BENCH_PEER_JVM", "-Xmx256m");

  final Servers servers;
  final OrderflowServer application;
  final Effects effects;
  private final String unfinished;
  private int runs;

  private static String[] options(String variable, String usual) {
    return System.getenv().getOrDefault(variable, usual).split(" +");
  }

  private Rig(Servers servers, OrderflowServer application, Effects effects, String unfinished) {
    this.unfinished = unfinished;
    this.servers = servers;
    this.application = application;
    this.effects = effects;
  }

  static Rig start(String benchmark, String... more) throws Exception {
    Servers servers = Servers.start(benchmark);
    try {
      OrderflowServer application = servers.orderflow("orderflow", Map.of());
      boolean extracted = System.getenv("BENCH_EXTRACTED") != null;
      String[] options = new String[OPTIONS.length + more.length];
      System.arraycopy(OPTIONS, 0, options, 0, OPTIONS.length);
      System.arraycopy(more, 0, options, OPTIONS.length, more.length);
      application.by(extracted ? servers.extractedJar() : servers.jar(), JAVA, options);
      return start(
          servers,
          application,
          "select (select count(*) from outbox) + (select count(*) from mail where state = 'QUEUED')");
    } catch (Exception e) {
      servers.close();
      throw e;
    }
  }

  /** Another program on servers of its own. */
  static Rig startPeer(Path program) throws Exception {
    Servers servers = Servers.start("peer");
    try {
      return start(
          servers,
          servers.peer(program).by(program, JAVA, PEER_OPTIONS),
          "select count(*) from outbox");
    } catch (Exception e) {
      servers.close();
      throw e;
    }
  }

  /**
   * @param unfinished counts what is left to do
   */
  private static Rig start(Servers servers, OrderflowServer application, String unfinished)
      throws Exception {
    application.start();
    try (var shop = new ShopConnection(application.port())) {
      shop.post(
          "/api/coupons",
          """
            {"code":"%s","discount":{"type":"PERCENT","value":"10"},"usageLimit":1000000000}"""
              .formatted(ShopOrder.COUPON)
              .getBytes(StandardCharsets.UTF_8),
          "campaign");
    }
    return new Rig(servers, application, new Effects(servers.brokers(), servers.mails), unfinished);
  }

  /** New orders, which no earlier call has given. */
  List<NewOrder> orders(int count) {
    return ShopOrder.many("run" + ++runs, count);
  }

  static int coupons(List<NewOrder> orders) {
    return (int) orders.stream().filter(order -> order.couponCode() != null).count();
  }

  /**
   * Sends orders and waits for all that follows, so that the JVM compiles what is measured later.
   */
  void warmUp(int orders) throws Exception {
    List<NewOrder> sent = orders(orders);
    effects.forget();
    HttpLoad.closed(application.port(), CONNECTIONS, sent);
    effects.await(orders, coupons(sent), PATIENCE);
    settle();
  }

  /** Waits until nothing is left to do, not even a note that a mail was sent. */
  void settle() throws Exception {
    while (servers.postgres.number(unfinished) > 0) {
      Thread.sleep(50);
    }
  }

  /** Begins to count the processor time of all. */
  Cpu cpu() {
    Map<String, Server> all = new LinkedHashMap<>();
    all.put(APPLICATION, application);
    all.put(POSTGRES, servers.postgres);
    all.put(KAFKA, servers.kafka);
    all.put(SMTP, servers.smtp);
    return new Cpu(all);
  }

  @Override
  public void close() throws Exception {
    effects.close();
    servers.close();
  }
}
