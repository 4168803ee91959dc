import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.PGConnection;

/**
 * Drops a CSV file into the inbox of a running Orderflow and times it until it lies in done/, then
 * times a bare COPY of the same orders and items into the same tables with their indexes. See
 * import.sh.
 */
class ImportBench {

  public static void main(String[] args) throws Exception {
    String url = args[0];
    Path inbox = Path.of(args[1]);
    int rows = Integer.parseInt(args[2]);
    String run = "bench" + System.currentTimeMillis();
    Path part = inbox.resolve(run + ".part");
    write(part, run, rows);
    try (Connection database = DriverManager.getConnection(url, args[3], "")) {
      Machine machine = new Machine(Long.parseLong(args[4]), inbox.toAbsolutePath().getParent());
      double seconds =
          timed(
              () -> {
                Files.move(part, inbox.resolve(run + ".csv"));
                while (Files.notExists(inbox.resolve("done").resolve(run + ".csv"))) {
                  Thread.sleep(20);
                }
              });
      long orders = number(database, "select accepted from import where file = '" + run + ".csv'");
      long rejected =
          number(database, "select rejected from import where file = '" + run + ".csv'");
      say(
          "import: %,d orders accepted, %,d rejected in %.1f s: %,.0f orders a second",
          orders, rejected, seconds, orders / seconds);
      say(
          "CPU for 1,000 orders until then, some of it for effects: %s; peak heap %d MiB",
          machine.cpu(orders), machine.peakHeap());
      double effects =
          timed(
              () -> {
                while (number(
                        database,
                        "select count(*) from orders o where reference like '"
                            + run
                            + "-%' and not exists"
                            + " (select from mail m where m.order_id = o.id and m.state <> 'QUEUED')")
                    > 0) {
                  Thread.sleep(500);
                }
              });
      say(
          "all effects done %.1f s after that; CPU for 1,000 orders in all: %s",
          effects, machine.cpu(orders));
      double copied = copy(database, run);
      say(
          "COPY: %.1f s: %,.0f orders a second; the import's speed is %.2f of it",
          copied, orders / copied, copied / seconds);
    }
  }

  private static double copy(Connection database, String run) throws Exception {
    try (Statement sql = database.createStatement()) {
      sql.execute("drop schema if exists bench cascade");
      sql.execute("create schema bench");
      sql.execute("create table bench.orders (like public.orders including all)");
      sql.execute("create table bench.order_item (like public.order_item including all)");
      Path orders = Files.createTempFile("orders", ".copy");
      Path items = Files.createTempFile("items", ".copy");
      String mine = "from orders where reference like '" + run + "-%'";
      out(database, "copy (select * " + mine + " order by id) to stdout", orders);
      out(
          database,
          "copy (select * from order_item where order_id in (select id "
              + mine
              + ") order by order_id, position) to stdout",
          items);
      double seconds =
          timed(
              () -> {
                in(database, "copy bench.orders from stdin", orders);
                in(database, "copy bench.order_item from stdin", items);
              });
      sql.execute("drop schema bench cascade");
      Files.delete(orders);
      Files.delete(items);
      return seconds;
    }
  }

  private static void out(Connection database, String copy, Path to) throws Exception {
    try (var file = Files.newOutputStream(to)) {
      database.unwrap(PGConnection.class).getCopyAPI().copyOut(copy, file);
    }
  }

  private static void in(Connection database, String copy, Path from) throws Exception {
    try (var file = Files.newInputStream(from)) {
      database.unwrap(PGConnection.class).getCopyAPI().copyIn(copy, file, 1 << 20);
    }
  }

  /** Orders of 1 to 5 rows, 3 on average; one row in a hundred has a bad quantity. */
  private static void write(Path file, String run, int rows) throws Exception {
    Random random = new Random(1);
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
      out.print(
          "orderRef,customerId,customerEmail,customerName,locale,currency,sku,name,quantity,unitPrice,couponCode\n");
      for (int row = 0, order = 0; row < rows; order++) {
        int customer = random.nextInt(100_000);
        for (int items = 1 + random.nextInt(5); items > 0 && row < rows; items--, row++) {
          out.printf(
              Locale.ROOT,
              "%s-%d,c-%d,c%d@example.com,김민지,ko,KRW,TS-%d,린넨 셔츠,%s,39000,\n",
              run,
              order,
              customer,
              customer,
              items,
              random.nextInt(100) == 0 ? "-" : "2");
        }
      }
    }
  }

  /** What Orderflow and its embedded PostgreSQL use, as Linux and the JDK's jcmd and jstat tell. */
  private static final class Machine {
    private final long pid;
    private final ProcessHandle server;
    private final AtomicLong peakHeap = new AtomicLong();
    private final double applicationBefore;
    private final double postgresBefore;

    private Machine(long pid, Path data) throws Exception {
      this.pid = pid;
      String server = Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(0);
      this.server = ProcessHandle.of(Long.parseLong(server)).orElseThrow();
      this.applicationBefore = seconds(pid);
      this.postgresBefore = postgres();
      Thread watch = new Thread(this::watchHeap, "heap");
      watch.setDaemon(true);
      watch.start();
    }

    /** Seconds of CPU for 1,000 of so many orders. */
    String cpu(long orders) throws Exception {
      return String.format(
          Locale.ROOT,
          "%.2f s of the application, %.2f s of PostgreSQL",
          1000 * (seconds(pid) - applicationBefore) / orders,
          1000 * (postgres() - postgresBefore) / orders);
    }

    /** MiB in use at a look every 250 ms, garbage included. */
    long peakHeap() {
      return peakHeap.get();
    }

    private void watchHeap() {
      try {
        Process stat = new ProcessBuilder("jstat", "-gc", String.valueOf(pid), "250").start();
        try (var lines = stat.inputReader()) {
          lines.readLine();
          for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] kib = line.strip().split(" +");
            long used =
                Math.round(number(kib[2]) + number(kib[3]) + number(kib[5]) + number(kib[7]))
                    / 1024;
            peakHeap.accumulateAndGet(used, Math::max);
          }
        }
      } catch (Exception e) {
        say("no heap figures: %s", e);
      }
    }

    private static double number(String text) {
      return text.equals("-") ? 0 : Double.parseDouble(text);
    }

    private double postgres() throws Exception {
      double sum = 0;
      for (ProcessHandle session : server.children().toList()) {
        sum += seconds(session.pid());
      }
      return sum + seconds(server.pid());
    }

    /** User and system time, that of ended children included, in ticks of 10 ms: see proc(5). */
    private static double seconds(long pid) throws Exception {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      double ticks = 0;
      for (int field = 11; field <= 14; field++) {
        ticks += Long.parseLong(fields[field]);
      }
      return ticks / 100;
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private static double timed(Work work) throws Exception {
    long began = System.nanoTime();
    work.run();
    return (System.nanoTime() - began) / 1e9;
  }

  private static long number(Connection database, String query) throws Exception {
    try (Statement sql = database.createStatement();
        ResultSet answer = sql.executeQuery(query)) {
      answer.next();
      return answer.getLong(1);
    }
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
