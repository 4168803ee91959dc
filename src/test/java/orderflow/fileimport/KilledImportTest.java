package orderflow.fileimport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import orderflow.OrderflowTest;
import orderflow.RealServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Longer: {@code mvn test -Dtest=KilledImportTest -Dorderflow.kills=20}. */
@OrderflowTest
class KilledImportTest {

  private static final File LOG = new File("target", "killed-import.log");
  private static final int KILLS = Integer.getInteger("orderflow.kills", 2);
  private static final int ORDERS = 500 * (KILLS + 2);
  private static final String HEADER =
      "orderRef,customerId,customerEmail,customerName,locale,currency,sku,name,quantity,unitPrice,couponCode\n";

  @Autowired JdbcClient jdbc;
  @Autowired Imports imports;
  @TempDir Path folder;

  private final String run = UUID.randomUUID().toString().substring(0, 8);

  @Test
  void importsEveryOrderOnceThoughItIsKilledAgainAndAgain() throws IOException {
    Path inbox = Files.createDirectories(folder.resolve("inbox"));
    Files.createDirectories(inbox.resolve("done"));
    Path file = inbox.resolve(run + ".csv");
    Files.writeString(
        file,
        HEADER + IntStream.range(0, ORDERS).mapToObj(this::rows).collect(Collectors.joining()));

    Random random = new Random(1);
    for (int kill = 1; kill <= KILLS; kill++) {
      // Long before its end, so that a busy machine does not kill too late.
      long killAt = ORDERS * kill / (KILLS + 2) + random.nextInt(100);
      Process process = start(file);
      await()
          .atMost(Duration.ofMinutes(5))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> settled() >= killAt || !process.isAlive());
      assertThat(settled()).as("settled; see %s", LOG).isGreaterThanOrEqualTo(killAt);
      process.destroyForcibly().onExit().join();
    }
    assertThat(file).exists();
    runToItsEnd(file);

    int refused = ORDERS / 50;
    Import whole = imported().findFirst().orElseThrow();
    assertThat(List.of(whole.accepted(), whole.duplicates(), whole.rejected()))
        .containsExactly((long) ORDERS - refused, 0L, (long) refused);
    assertThat(count("orders where reference like ?")).isEqualTo(ORDERS - refused);
    assertThat(count("order_item where order_id in (select id from orders where reference like ?)"))
        .isEqualTo(2 * (ORDERS - refused));
    List<String> rejected =
        Files.readAllLines(inbox.resolve("done").resolve(run + ".csv.rejected.csv"));
    assertThat(rejected).hasSize(1 + 2 * refused).doesNotHaveDuplicates();
  }

  /** 4 MB of which each row gave back the faults of all others, 700 MB in all. */
  @Test
  void givesBackLargeOrdersOfFaultyRowsWithinASmallHeap() throws Exception {
    Path inbox = Files.createDirectories(folder.resolve("inbox"));
    Files.createDirectories(inbox.resolve("done"));
    Path file = inbox.resolve(run + ".csv");
    try (Writer rows = Files.newBufferedWriter(file)) {
      rows.write(HEADER);
      for (int row = 0; row < 300 * 200; row++) {
        rows.write(run + "-" + row / 200 + ",c-1,k@example.com,Kim,,KRW,A,Linen shirt,1,12.50,\n");
      }
    }

    runToItsEnd(file);

    assertThat(imported().map(Import::rejected)).containsExactly(300L);
    assertThat(inbox.resolve("done").resolve(run + ".csv.rejected.csv"))
        .content()
        .hasLineCount(1 + 300 * 200)
        .hasSizeLessThan(12_000_000);
  }

  private void runToItsEnd(Path file) throws IOException {
    Process process = start(file);
    try {
      int exit = process.onExit().orTimeout(300, TimeUnit.SECONDS).join().exitValue();
      assertThat(exit).as("exit status; see %s", LOG).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(Path file) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            KillableImport.class.getName(),
            file.toString(),
            "--spring.datasource.url=" + RealServers.jdbcUrl(),
            "--spring.datasource.username=" + RealServers.jdbcUser(),
            "--spring.datasource.password=" + RealServers.jdbcPassword(),
            "--orderflow.inbox=" + file.getParent(),
            "--orderflow.importing.batch=10",
            "--orderflow.lease.duration=2s",
            "--orderflow.outbox.poll-interval=1h")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(LOG))
        .start();
  }

  private long settled() {
    return imported().mapToLong(i -> i.accepted() + i.rejected()).sum();
  }

  private Stream<Import> imported() {
    return imports.list(100, null).entries().stream().filter(i -> i.file().startsWith(run));
  }

  private long count(String what) {
    return jdbc.sql("select count(*) from " + what).param(run + "-%").query(Long.class).single();
  }

  /** Two rows each; the second of every fiftieth order is bad. */
  private String rows(int order) {
    String start = run + "-" + order + ",c-" + order + ",k@example.com,김민지,ko,KRW,";
    return start
        + "A,Shirt,1,10,\n"
        + start
        + (order % 50 == 7 ? "no\u0007sku" : "B")
        + ",Shirt,1,10,\n";
  }
}
