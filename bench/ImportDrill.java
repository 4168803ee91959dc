import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * Kills the packaged application at random moments of a file's import and counts its orders. See
 * import-drill.sh.
 */
class ImportDrill {

  private static final int BAD = 50;

  private final Path data;
  private final int orders;
  private final String file = "drill" + System.currentTimeMillis();
  private final Random random = new Random();

  private ImportDrill(Path data, int orders) {
    this.data = data;
    this.orders = orders;
  }

  public static void main(String[] args) throws Exception {
    new ImportDrill(Path.of(args[0]).toAbsolutePath(), Integer.parseInt(args[1]) / 2)
        .run(Integer.parseInt(args[2]));
  }

  private void run(int kills) throws Exception {
    Path inbox = Files.createDirectories(data.resolve("inbox"));
    Path dropped = inbox.resolve(file + ".csv");
    write(inbox.resolve(file + ".part"));
    Files.move(inbox.resolve(file + ".part"), dropped);
    int killed = 0;
    Process instance = start();
    while (killed < kills && Files.exists(dropped)) {
      long before = position();
      until(() -> position() > before || Files.notExists(dropped));
      Thread.sleep(random.nextInt(1000));
      if (Files.exists(dropped)) {
        instance.destroyForcibly().waitFor();
        killed++;
        System.out.printf("kill %d at %d of %d orders%n", killed, settled(), orders);
        instance = start();
      }
    }
    until(() -> Files.notExists(dropped));
    tell(killed, inbox.resolve("done").resolve(file + ".csv.rejected.csv"));
    instance.destroy();
    instance.waitFor();
  }

  private void tell(int killed, Path rejected) throws Exception {
    int bad = orders / BAD;
    long there = number("select count(*) from orders where reference like '" + file + "-%'");
    long different =
        number(
            "select count(distinct reference) from orders where reference like '" + file + "-%'");
    long items =
        number(
            "select count(*) from order_item where order_id in"
                + " (select id from orders where reference like '"
                + file
                + "-%')");
    List<String> givenBack = Files.readAllLines(rejected);
    System.out.printf(
        "killed %d times: %d good orders, %d there, %d lost, %d double, %d items missing%n",
        killed,
        orders - bad,
        there,
        orders - bad - different,
        there - different,
        2 * (orders - bad) - items);
    System.out.printf(
        "counted: %d accepted, %d duplicates, %d rejected%n",
        of("accepted"), of("duplicates"), of("rejected"));
    System.out.printf(
        "rejected file: %d rows of %d, %d of them double%n",
        givenBack.size() - 1, 2 * bad, givenBack.size() - givenBack.stream().distinct().count());
  }

  /** Orders of two rows; of every fiftieth the second is bad. */
  private void write(Path path) throws Exception {
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(path))) {
      out.print(
          "orderRef,customerId,customerEmail,customerName,locale,currency,sku,name,quantity,unitPrice\n");
      for (int order = 0; order < orders; order++) {
        String start = file + "-" + order + ",c-" + order % 1000 + ",k@example.com,김민지,ko,KRW,";
        out.print(
            start
                + "A,Shirt,1,10\n"
                + start
                + (order % BAD == BAD - 1 ? "no sku" : "B")
                + ",Shirt,1,10\n");
      }
    }
  }

  private Process start() throws Exception {
    return new ProcessBuilder(
            "java",
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-jar",
            System.getProperty("jar"),
            "--orderflow.data=" + data,
            "--orderflow.inbox=" + data.resolve("inbox"),
            "--orderflow.embedded.postgres.port=25733",
            "--orderflow.embedded.kafka.port=0",
            "--orderflow.embedded.mailbox.port=0",
            "--server.port=0")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(data + ".log")))
        .start();
  }

  private static void until(Callable<Boolean> condition) throws Exception {
    for (int i = 0; i < 100 * 600; i++) {
      if (condition.call()) {
        return;
      }
      Thread.sleep(10);
    }
    throw new IllegalStateException("nothing happened for ten minutes");
  }

  private long position() {
    return of("position");
  }

  private long settled() {
    return of("accepted + duplicates + rejected");
  }

  private long of(String column) {
    return number("select " + column + " from import where file = '" + file + ".csv'");
  }

  /** 0 while there is no answer: the database starts and stops with the application. */
  private static long number(String query) {
    try (var database =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:25733/orderflow", "orderflow", "");
        var answer = database.createStatement().executeQuery(query)) {
      return answer.next() ? answer.getLong(1) : 0;
    } catch (SQLException e) {
      return 0;
    }
  }
}
