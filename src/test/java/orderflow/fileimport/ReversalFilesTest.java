package orderflow.fileimport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.node.NullNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import orderflow.OrderflowTest;
import orderflow.intake.Intake;
import orderflow.outbox.BulkThrottle;
import orderflow.platform.lease.Leases;
import orderflow.reversal.ReversalResult;
import orderflow.reversal.Reversals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.unit.DataSize;

/** Files of returns and cancellations, beside those of orders. */
@OrderflowTest
class ReversalFilesTest {

  private static final String ORDERS = "orderRef,customerId,currency,sku,name,quantity,unitPrice\n";
  private static final String RETURNS = "returnRef,orderRef,sku,quantity,reason\n";

  @Autowired Intake intake;
  @Autowired Reversals reversals;
  @Autowired ReversedOrders reversedOrders;
  @Autowired BulkThrottle bulkLane;
  @Autowired Imports imports;
  @Autowired Leases leases;
  @Autowired TransactionTemplate transaction;
  @Autowired JdbcClient jdbc;
  @TempDir Path folder;

  private final String run = UUID.randomUUID().toString().substring(0, 8);
  private final ImportSettings settings =
      new ImportSettings(
          10,
          2,
          DataSize.ofMegabytes(1),
          DataSize.ofMegabytes(10),
          Duration.ofSeconds(10),
          Duration.ofMinutes(1),
          Duration.ofHours(1),
          Duration.ofSeconds(5),
          Duration.ofDays(90),
          DataSize.ofMegabytes(100),
          "windows-949",
          Map.of(),
          Duration.ofMillis(250));
  private Inbox inbox;

  @BeforeEach
  void makeInbox() {
    inbox = new Inbox(folder.resolve("inbox"), settings, System::nanoTime);
    assertThat(inbox.isUsable()).isTrue();
    assertThat(inbox.look(1, file -> true)).isEmpty();
  }

  @AfterEach
  void closeInbox() {
    inbox.destroy();
  }

  @Test
  void importsReturnsAndCancellationsOfEachFormatByTheBeginningOfTheName() throws IOException {
    placeOrders(8);
    take("RETURNS of today.csv", RETURNS + ret(1, 1, "A", 1) + ret(2, 2, "B", 2));
    assertNewest("DONE", 2, 0, 0);
    assertThat(statuses(1, 2)).containsExactly("PARTIALLY_RETURNED", "PARTIALLY_RETURNED");
    take(
        "returns.jsonl",
        "{\"returnRef\":\"%s-3\",\"orderId\":\"%s\",\"items\":\"REST\",\"couponPolicy\":\"KEEP_USED\"}"
            .formatted(run, id(3)));
    assertNewest("DONE", 1, 0, 0);
    take(
        "returns.json",
        "[{\"returnRef\":\"%1$s-4\",\"orderRef\":\"%1$s-4\",\"items\":[{\"position\":1,\"quantity\":2}]}]"
            .formatted(run));
    assertNewest("DONE", 1, 0, 0);
    take(
        "Cancellations.CSV",
        "Return Ref;Order Ref;Order-Id;Reason\n%s-5;;%s;FRAUD\n".formatted(run, id(5)));
    assertNewest("DONE", 1, 0, 0);
    take("cancellations.tsv", "returnRef\torderRef\n%1$s-6\t%1$s-6\n".formatted(run));
    assertNewest("DONE", 1, 0, 0);
    takeBytes(
        "cancellations.jsonl.gz",
        zipped(
            "{\"returnRef\":\"%1$s-7\",\"orderRef\":\"%1$s-7\",\"notify\":false}".formatted(run)));
    assertNewest("DONE", 1, 0, 0);

    assertThat(statuses(3, 4, 5, 6, 7, 8))
        .containsExactly(
            "RETURNED", "PARTIALLY_RETURNED", "CANCELLED", "CANCELLED", "CANCELLED", "COMPLETED");
    assertThat(reversal(5, "reason")).isEqualTo("FRAUD");
    assertThat(reversal(6, "reason")).isEqualTo("OTHER");
    assertThat(reversal(6, "actor")).isEqualTo("file cancellations.tsv");
    assertThat(reversal(1, "refund")).isEqualTo("10");
    assertThat(names("done")).hasSize(7);
  }

  @Test
  void neighbouringRowsOfOneReturnRefAreOneReturnAndItsOrderCanBeNamedOnce() throws IOException {
    placeOrders(1);
    take(
        "returns.csv",
        RETURNS + ret(1, 1, "A", 1) + "%s-1,,B,1,\n".formatted(run) + ret(2, 1, "B", 1));

    assertNewest("DONE", 2, 0, 0);
    assertThat(
            jdbc.sql("select count(*) from reversal where order_id = ?")
                .param(id(1))
                .query(Integer.class)
                .single())
        .isEqualTo(2);
    assertThat(returned(1)).containsExactly(1, 2);
    assertThat(statuses(1)).containsExactly("PARTIALLY_RETURNED");
  }

  @Test
  void givesBackWhatIsRefusedWithItsReasonAndTakesItCorrected() throws IOException {
    placeOrders(5);
    take("cancellations.csv", "returnRef,orderRef\n%1$s-5,%1$s-5\n".formatted(run));
    String header = "returnRef,orderRef,orderId,position,sku,quantity,reason\n";
    take(
        "returns.csv",
        header
            + "%1$s-a,%1$s-1,,,A,1,CUSTOMER\n".formatted(run)
            + "%1$s-b,%1$s-99,,,A,1,\n".formatted(run)
            + "%1$s-c,%1$s-2,,,TWICE,1,\n".formatted(run)
            + "%1$s-d,%1$s-2,,,C,1,\n".formatted(run)
            + "%1$s-e,%1$s-2,,,A,3,\n".formatted(run)
            + "%1$s-f,%1$s-2,,9,,1,\n".formatted(run)
            + "%1$s-g,%1$s-2,,0,B,1,\n".formatted(run)
            + "%1$s-h,%1$s-2,,,,1,\n".formatted(run)
            + "%1$s-i,%1$s-2,,,A,1,WHIM\n".formatted(run)
            + "%1$s-j,,,,A,1,\n".formatted(run)
            + "%1$s-k,%1$s-5,,,A,1,\n".formatted(run)
            + "%1$s-l,%1$s-2,%2$s,,A,1,\n".formatted(run, id(3))
            + "%1$s-m,%1$s-3,,,A,2,\n".formatted(run));

    assertNewest("DONE", 2, 0, 11);
    Path rejected = inbox.done().resolve("returns.csv.rejected.csv");
    assertThat(Files.readAllLines(rejected).stream().skip(1).map(line -> line.split("\"")[1]))
        .containsExactly(
            "/orderRef there is no such order",
            "/items/0/sku is at several positions of the order, of which one must be given: 2, 3",
            "/items/0/sku is no article of the order",
            "more is to be returned than is left of the order: 2 at position 0, 2 at position 1, 1"
                + " at position 2, 1 at position 3",
            "/items/0/position must be one of the order's: 0 to 3",
            "/items/0/sku is not the article at position 0",
            "/items/0/position is required, or sku",
            "/reason must be one of CUSTOMER, OUT_OF_STOCK, FRAUD, PAYMENT_FAILED, OTHER",
            "/orderRef is required, or orderId",
            "the order is cancelled already",
            "/orderRef is not that of the order of orderId");
    assertThat(statuses(1, 2, 3))
        .containsExactly("PARTIALLY_RETURNED", "COMPLETED", "PARTIALLY_RETURNED");

    take("returns.csv", Files.readString(rejected).replace(",,,TWICE,1,", ",,3,TWICE,1,"));
    assertNewest("DONE", 1, 0, 10);
    assertThat(returned(2)).containsExactly(0, 0, 0, 1);
    take("cancellations.csv", "returnRef,orderRef\n%1$s-z,%1$s-1\n".formatted(run));
    assertNewest("DONE", 0, 0, 1);
    assertThat(Files.readString(newestRejected("cancellations.csv")))
        .contains("items of the order have been returned: what is left can be returned");
  }

  @Test
  void theSameFileTwiceIsAllDuplicatesAndOtherContentIsRefused() throws IOException {
    placeOrders(3);
    String text = RETURNS + ret(1, 1, "A", 1) + ret(2, 2, "A", 1);
    take("returns-1.csv", text);
    take("returns-2.csv", text.replace(",A,", ",a,").replace(",a,", ",A,") + ret(3, 3, "A", 1));
    assertNewest("DONE", 1, 2, 0);
    take("returns-3.csv", RETURNS + ret(1, 1, "A", 2));

    assertNewest("DONE", 0, 0, 1);
    assertThat(Files.readString(inbox.done().resolve("returns-3.csv.rejected.csv")))
        .contains("/returnRef is there already with other content");
    assertThat(returned(1).get(0)).isEqualTo(1);
  }

  @Test
  void goesOnWhereItEndedAndMakesEachReturnOnce() throws IOException {
    int orders = 450; // of three batches
    placeOrders(orders);
    StringBuilder rows = new StringBuilder(RETURNS);
    IntStream.rangeClosed(1, orders).forEach(n -> rows.append(ret(n, n, n == 300 ? "no" : "A", 1)));
    Path file = drop("returns.csv", rows.toString().getBytes(UTF_8));
    AtomicInteger batches = new AtomicInteger();
    Reversals failing = spy(reversals);
    doAnswer(
            call -> {
              Object made = call.callRealMethod();
              if (batches.incrementAndGet() == 2) {
                throw new DataAccessResourceFailureException("away after the work, before commit");
              }
              return made;
            })
        .when(failing)
        .reverseAll(any());

    fileDrop(failing).importNow(found(file));

    assertThat(file).exists();
    assertThat(imports.list(1, null).entries().get(0).accepted()).isEqualTo(200);
    assertThat(made()).isEqualTo(200);
    fileDrop(reversals).importNow(found(file));
    assertNewest("DONE", orders - 1, 0, 1);
    assertThat(made()).isEqualTo(orders - 1);
    assertThat(
            jdbc.sql(
                    """
                    select count(*) from order_item join orders on orders.id = order_id
                    where reference like ? and returned > 1
                    """)
                .param(run + "-%")
                .query(Integer.class)
                .single())
        .isZero();
    assertThat(Files.readAllLines(inbox.done().resolve("returns.csv.rejected.csv"))).hasSize(2);
  }

  @Test
  void noMoreThanABatchOfAFileIsInHandHoweverLongItIs() throws IOException {
    placeOrders(1);
    StringBuilder rows = new StringBuilder(RETURNS);
    IntStream.range(0, 10_000).forEach(n -> rows.append(ret(n, 1, "A", 1)));
    List<Integer> sizes = new ArrayList<>();
    Reversals noted = mock();
    when(noted.reverseAll(any()))
        .thenAnswer(
            call -> {
              List<Reversals.Wish> wishes = call.getArgument(0);
              sizes.add(wishes.size());
              return wishes.stream()
                  .map(
                      wish ->
                          (ReversalResult)
                              new ReversalResult.Done(wish.orderId(), NullNode.instance, false))
                  .toList();
            });

    fileDrop(noted).importNow(found(drop("returns.csv", rows.toString().getBytes(UTF_8))));

    assertNewest("DONE", 10_000, 0, 0);
    assertThat(sizes).hasSize(50).containsOnly(200);
  }

  @Test
  void aFileWithoutTheColumnsItNeedsIsNotRead() throws IOException {
    take("returns.csv", "returnRef,quantity\n");

    assertThat(Files.readString(inbox.failed().resolve("returns.csv.error.txt")))
        .contains("missing: orderRef or orderId, position or sku");
    take("cancellations.csv", "returnRef,orderRef,sku\n");
    assertThat(Files.readString(inbox.failed().resolve("cancellations.csv.error.txt")))
        .contains("unknown: sku");
  }

  /** Orders of two A for 10 each, two B for 5 each, and two lines of the same article. */
  private void placeOrders(int count) throws IOException {
    StringBuilder rows = new StringBuilder(ORDERS);
    for (int n = 1; n <= count; n++) {
      for (String item : List.of("A,Shirt,2,10", "B,Hat,2,5", "TWICE,Cap,1,1", "TWICE,Cap,1,1")) {
        rows.append("%s-%d,c-%s-%d,KRW,%s\n".formatted(run, n, run, n, item));
      }
    }
    take("orders.csv", rows.toString());
    assertNewest("DONE", count, 0, 0);
  }

  private String ret(int reference, int order, String sku, int quantity) {
    return "%1$s-%2$d,%1$s-%3$d,%4$s,%5$d,\n".formatted(run, reference, order, sku, quantity);
  }

  private void take(String name, String text) throws IOException {
    takeBytes(name, text.getBytes(UTF_8));
  }

  private void takeBytes(String name, byte[] content) throws IOException {
    fileDrop(reversals).importNow(found(drop(name, content)));
  }

  private Path drop(String name, byte[] content) throws IOException {
    return Files.write(inbox.file(name), content);
  }

  private static FoundFile found(Path file) throws IOException {
    return new FoundFile(file, FileSight.of(file), true);
  }

  private FileDrop fileDrop(Reversals using) {
    return new FileDrop(
        inbox,
        imports,
        new FileImport(intake, using, reversedOrders, imports, bulkLane, transaction, settings),
        settings,
        leases,
        transaction,
        Clock.systemUTC(),
        System::nanoTime);
  }

  private void assertNewest(String state, long accepted, long duplicates, long rejected) {
    Import newest = imports.list(1, null).entries().get(0);
    assertThat(List.of(newest.state(), newest.accepted(), newest.duplicates(), newest.rejected()))
        .isEqualTo(List.of(state, accepted, duplicates, rejected));
  }

  private Path newestRejected(String name) {
    long id = imports.list(1, null).entries().get(0).id();
    return inbox.done().resolve(name + "." + id + ".rejected.csv");
  }

  private List<String> names(String below) throws IOException {
    try (var files = Files.list(folder.resolve("inbox").resolve(below))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private UUID id(int order) {
    return jdbc.sql("select id from orders where reference = ?")
        .param(run + "-" + order)
        .query(UUID.class)
        .single();
  }

  private List<String> statuses(int... orders) {
    return IntStream.of(orders)
        .mapToObj(
            order ->
                jdbc.sql("select status from orders where reference = ?")
                    .param(run + "-" + order)
                    .query(String.class)
                    .single())
        .toList();
  }

  private List<Integer> returned(int order) {
    return jdbc.sql("select returned from order_item where order_id = ? order by position limit ?")
        .params(id(order), order == 1 ? 2 : 4)
        .query(Integer.class)
        .list();
  }

  private String reversal(int order, String column) {
    return jdbc.sql("select " + column + "::text from reversal where order_id = ?")
        .param(id(order))
        .query(String.class)
        .single();
  }

  private int made() {
    return jdbc.sql("select count(*) from reversal where reference like ?")
        .param(run + "-%")
        .query(Integer.class)
        .single();
  }

  private static byte[] zipped(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (OutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }
}
