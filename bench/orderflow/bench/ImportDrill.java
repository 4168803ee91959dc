package orderflow.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Kills the application at random places of a file's import, and counts: see import-drill.sh. */
final class ImportDrill {

  private static final int BAD = 50;
  private static final String RUN = "drill";

  private final Servers servers;
  private final OrderflowServer application;
  private final int orders;
  private final Path dropped;
  private final Random random = new Random();

  private ImportDrill(Servers servers, int orders) throws Exception {
    this.servers = servers;
    this.application = servers.orderflow("orderflow", Map.of());
    this.orders = orders;
    this.dropped = application.inbox().resolve(RUN + ".csv");
  }

  public static void main(String[] arguments) throws Exception {
    int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    int kills = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
    boolean right;
    try (Servers servers = Servers.start("import-drill")) {
      right = new ImportDrill(servers, rows / 2).run(kills);
    }
    System.exit(right ? 0 : 1);
  }

  private boolean run(int kills) throws Exception {
    application.start();
    Path part = application.inbox().resolve(RUN + ".part");
    OrderFile.pairs(part, RUN, orders, BAD);
    Files.move(part, dropped);
    int killed = 0;
    for (int place : random.ints(kills, 0, orders).sorted().toArray()) {
      if (comesTo(place)) {
        application.kill();
        killed++;
        say("kill %d at %,d of %,d orders", killed, settled(), orders);
        application.start();
      }
    }
    while (Files.exists(dropped)) {
      Thread.sleep(100);
    }
    return tell(killed);
  }

  /**
   * Waits until the import has come to this order, and further than before; false if it ends first.
   */
  private boolean comesTo(int place) throws Exception {
    long before = settled();
    while (settled() <= Math.max(before, place) && Files.exists(dropped)) {
      Thread.sleep(10);
    }
    Thread.sleep(random.nextInt(50)); // anywhere in the batch under way
    return Files.exists(dropped);
  }

  private boolean tell(int killed) throws Exception {
    int bad = orders / BAD;
    int good = orders - bad;
    String mine = "from orders where reference like '" + RUN + "-%'";
    long there = number("select count(*) " + mine);
    long different = number("select count(distinct reference) " + mine);
    long items =
        number("select count(*) from order_item where order_id in (select id " + mine + ")");
    long accepted = column("accepted");
    long rejected = column("rejected");
    List<String> givenBack =
        Files.readAllLines(application.inbox().resolve("done").resolve(RUN + ".csv.rejected.csv"));
    long rows = givenBack.stream().distinct().count() - 1;
    say(
        "killed %d times: %,d good orders, %,d there, %,d lost, %,d double, %,d items missing",
        killed, good, there, good - different, there - different, 2L * good - items);
    say(
        "counted: %,d accepted, %,d duplicates, %,d rejected",
        accepted, column("duplicates"), rejected);
    say(
        "rejected file: %,d rows of %,d, %,d of them double",
        givenBack.size() - 1, 2 * bad, givenBack.size() - 1 - rows);
    return there == good
        && different == good
        && items == 2L * good
        && accepted == good
        && rejected == bad
        && rows == 2L * bad
        && givenBack.size() == 1 + 2 * bad;
  }

  private long settled() throws Exception {
    return column("accepted + duplicates + rejected");
  }

  /** 0 as long as the file has not been seen. */
  private long column(String name) throws Exception {
    return number(
        "select coalesce(sum(" + name + "), 0) from import where file = '" + RUN + ".csv'");
  }

  private long number(String query) throws Exception {
    return servers.postgres.number(query);
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
