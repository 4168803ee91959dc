package orderflow.fileimport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doCallRealMethod;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.sql.DataSource;
import orderflow.FailingInserts;
import orderflow.Injections;
import orderflow.OrderflowTest;
import orderflow.intake.Intake;
import orderflow.order.NewOrder;
import orderflow.outbox.BulkThrottle;
import orderflow.outbox.Priority;
import orderflow.platform.http.Page;
import orderflow.platform.lease.Leases;
import orderflow.platform.lease.SteppedInstance;
import orderflow.reversal.Reversals;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.unit.DataSize;

@OrderflowTest
@ExtendWith(OutputCaptureExtension.class)
class FileDropTest {

  private static final String HEADER =
      "orderRef,customerId,customerEmail,customerName,locale,currency,sku,name,quantity,unitPrice,couponCode\n";

  private static final Charset KOREAN = Charset.forName("windows-949");
  private static final Path FULL = Path.of("/dev/full");
  private static final DataSize BULK = DataSize.ofKilobytes(20);
  private static final DataSize BIG = DataSize.ofKilobytes(40);

  @Autowired Intake intake;
  @Autowired Reversals reversals;
  @Autowired ReversedOrders reversedOrders;
  @Autowired BulkThrottle bulkLane;
  @Autowired Imports imports;
  @Autowired Leases leases;
  @Autowired TransactionTemplate transaction;
  @Autowired JdbcClient jdbc;
  @Autowired DataSource database;

  @Value("${orderflow.inbox}")
  Path watched;

  @TempDir Path folder;

  /** Tells this test's orders from all others. */
  private final String run = UUID.randomUUID().toString().substring(0, 8);

  private final ImportSettings settings = settings(10);
  private final Clock clock = Clock.systemUTC();
  private final AtomicLong time = new AtomicLong();
  private Inbox inbox;
  private Path inboxFolder;

  @BeforeEach
  void makeInbox() {
    inboxFolder = folder.resolve("받은 파일");
    inbox = new Inbox(inboxFolder, settings, time::get);
    assertThat(inbox.isUsable()).isTrue();
    assertThat(look()).isEmpty();
  }

  @AfterEach
  void closeInbox() {
    inbox.destroy();
  }

  @Test
  void importsEachFormatPlainAndZipped() throws IOException {
    take(drop("a.csv", HEADER + row(1, "A") + row(1, "B") + row(2, "A")));
    take(drop("b.jsonl", json(3) + "\n" + json(4) + "\n"));
    take(drop("c.json", "[" + json(5) + "," + json(6) + "]"));
    take(drop("d.csv.gz", zipped(HEADER + row(7, "A"))));
    take(drop("e.jsonl.gz", zipped(json(8))));
    take(drop("f.json.gz", zipped(json(9))));

    assertThat(orders()).isEqualTo(9);
    assertThat(items()).isEqualTo(10);
    assertThat(count("orders where reference like ? and customer_phone = '010-1234'"))
        .as("those of the JSON files, which have a phone")
        .isEqualTo(6);
    assertThat(inboxFolder.resolve("done"))
        .isDirectoryContaining("glob:**/a.csv")
        .isDirectoryContaining("glob:**/f.json.gz");
    assertThat(names("")).containsExactly("done", "failed");
    assertThat(names("done"))
        .containsExactly("a.csv", "b.jsonl", "c.json", "d.csv.gz", "e.jsonl.gz", "f.json.gz");
    assertThat(newest().state()).isEqualTo("DONE");
    assertThat(newest().bytesRead()).isPositive().isEqualTo(newest().bytesTotal());
    assertThat(newest().finishedAt()).isNotNull();
  }

  @Test
  void importsRowsOfEveryKindAndSaysWhatItRead(CapturedOutput log) throws IOException {
    String tabs = HEADER.replace(',', '\t');
    take(drop("a.tsv", tabs + row(1, "A").replace(',', '\t')));
    assertNewest("DONE", 1, 0, 0);
    assertThat(newest().format()).isEqualTo(new ImportFormat("rows", "\t", "UTF-8", null));
    take(drop("b.txt", ("sep=|\n" + HEADER + row(2, "A")).replace(',', '|').getBytes(UTF_16LE)));
    assertNewest("DONE", 1, 0, 0);
    assertThat(newest().format()).isEqualTo(new ImportFormat("rows", "|", "UTF-16LE", null));
    take(drop("c.ndjson", json(3)));
    assertNewest("DONE", 1, 0, 0);
    assertThat(newest().format()).isEqualTo(new ImportFormat("jsonl", null, "UTF-8", null));
    String bad = row(5, "A").replace(",1,10,", ",0,10,");
    take(drop("d.csv", (HEADER + row(4, "A") + bad).getBytes(KOREAN)));
    assertNewest("DONE", 1, 0, 1);
    assertThat(newest().format()).isEqualTo(new ImportFormat("rows", ",", "windows-949", null));
    assertThat(Files.readString(inboxFolder.resolve("done/d.csv.rejected.csv"), KOREAN))
        .startsWith("orderRef,")
        .contains("김민지");
    assertThat(log.getAll())
        .contains("Reading a.tsv as rows, delimiter \"\\t\", charset UTF-8")
        .contains("Reading d.csv as rows, delimiter \",\", charset windows-949");
  }

  @Test
  void importsTheOneFileInAZip() throws IOException {
    take(
        drop(
            "a.zip",
            zip(
                "__MACOSX/._주문.csv",
                "x",
                "주문.csv",
                HEADER + row(1, "A").replace(",1,10,", ",0,10,"))));
    assertNewest("DONE", 0, 0, 1);
    assertThat(inboxFolder.resolve("done/a.zip.rejected.csv")).content().contains("/quantity must");
    take(drop("b.jsonl.zip", zip("b/c.jsonl", json(2))));
    assertNewest("DONE", 1, 0, 0);
    assertThat(newest().format()).isEqualTo(new ImportFormat("jsonl", null, "UTF-8", null));
    take(drop("c.zip", zip("a.csv", HEADER + row(3, "A"), "b.csv", HEADER + row(4, "A"))));
    take(drop("d.zip", zip("a.pdf", "x")));
    take(drop("e.zip", "PK\u0003\u0004not really"));
    take(drop("f.xlsx", "PK\u0003\u0004not really"));
    take(drop("g.xlsx", "x"));

    assertThat(error("c.zip")).startsWith("It holds more than one file");
    assertThat(error("d.zip")).startsWith("The file in it is of no kind that is imported");
    assertThat(error("e.zip")).startsWith("It is no");
    assertThat(error("f.xlsx")).startsWith("It is no whole workbook");
    assertThat(error("g.xlsx")).startsWith("It is no whole workbook");
    assertThat(orders()).isEqualTo(1);
  }

  @Test
  void importsTheFirstSheetOfAWorkbookPlainAndZipped() throws IOException {
    byte[] workbook = workbook(1, 2);
    take(drop("a.xlsx", workbook));
    assertNewest("DONE", 2, 0, 0);
    assertThat(newest().format()).isEqualTo(new ImportFormat("xlsx", null, null, null));
    take(drop("b.xlsx.gz", zipped(workbook)));
    assertNewest("DONE", 0, 2, 0);

    assertThat(names("done")).containsExactly("a.xlsx", "b.xlsx.gz");
  }

  @Test
  void saysOnceOfAFileOfAnotherKindThatItIsIgnored(CapturedOutput log) throws IOException {
    drop("letter.pdf", "x");
    drop(".hidden.pdf", "x");
    drop("~$a.xlsx", "x");
    drop("b.csv.part", "x");
    takeAfter(settings.stableFor());
    takeAfter(settings.stableFor());
    Inbox restarted = new Inbox(inboxFolder, settings, time::get);
    restarted.look(100, file -> true);
    passes(settings.stableFor());
    restarted.look(100, file -> true).forEach(fileDrop(intake, imports)::importNow);
    restarted.destroy();

    assertThat(newest().file()).isEqualTo("letter.pdf");
    assertThat(newest().state()).isEqualTo("IGNORED");
    assertThat(newest().reason()).contains(".csv, .tsv, .txt, .xlsx");
    assertThat(log.getAll().lines().filter(line -> line.contains("letter.pdf is ignored")))
        .hasSize(1);
    assertThat(names(""))
        .containsExactly(".hidden.pdf", "b.csv.part", "done", "failed", "letter.pdf", "~$a.xlsx");
    Files.delete(inboxFolder.resolve("letter.pdf"));
    fileDrop(intake, imports).endVanished(clock.instant().plusSeconds(1));
    drop("letter.pdf", "y");
    takeAfter(settings.stableFor());
    takeAfter(settings.stableFor());
    assertThat(log.getAll().lines().filter(line -> line.contains("letter.pdf is ignored")))
        .hasSize(2);
  }

  @Test
  void placesNothingOfAnOrderWhoseRowsDoNotStandTogetherHoweverFarApart() throws IOException {
    take(drop("orders.csv", HEADER + row(1, "A") + rows(2, 60) + row(1, "B") + row(60, "A")));

    assertNewest("DONE", 59, 0, 1);
    assertThat(count("orders where reference like ? and reference like '%-1'")).isZero();
    assertThat(Files.readAllLines(inboxFolder.resolve("done/orders.csv.rejected.csv")))
        .hasSize(3)
        .filteredOn(line -> line.contains("do not stand together, they begin on lines 2, 61"))
        .hasSize(2);
  }

  @Test
  void tidyOrdersWrittenUntidilyAreDuplicatesOfTheTidyOnes() throws IOException {
    for (long seed : List.of(1L, 7L, 42L, 2026L, 77_777L)) {
      UntidyRows rows = new UntidyRows(seed, run);
      int orders = rows.references().size();
      take(drop("untidy-" + seed + ".csv", rows.untidy()));
      assertNewest("DONE", orders, 0, 0);
      take(drop("tidy-" + seed + ".csv", rows.tidy()));
      assertNewest("DONE", 0, orders, 0);
    }
  }

  @Test
  void endsEmptyFilesWithNothing() throws IOException {
    for (String name : List.of("a.csv", "b.jsonl", "c.json", "d.csv.gz")) {
      take(drop(name, ""));
      assertNewest("DONE", 0, 0, 0);
    }
    take(drop("e.csv", HEADER));
    assertNewest("DONE", 0, 0, 0);
    assertThat(names("done")).hasSize(5);
  }

  @Test
  void givesBackRefusedOrdersWhichCanBeCorrectedAndDroppedAgain() throws IOException {
    take(
        drop(
            "orders.csv",
            HEADER + row(1, "A") + row(2, "A") + row(2, "no\u0007sku") + row(3, "A")));

    assertNewest("DONE", 2, 0, 1);
    Path rejected = inboxFolder.resolve("done/orders.csv.rejected.csv");
    String error = "\"/items/1/sku must be 1 to 100 printable characters\"\n";
    assertThat(rejected)
        .hasContent(
            "\uFEFF"
                + HEADER.strip()
                + ",_line,_error\n"
                + row(2, "A").strip()
                + ",3,\"the order is rejected because of line 4\"\n"
                + row(2, "no\u0007sku").strip()
                + ",4,"
                + error);

    take(drop("orders.csv", Files.readString(rejected)));

    assertNewest("DONE", 0, 0, 1);
    String second = "orders.csv." + newest().id();
    assertThat(inboxFolder.resolve("done/" + second + ".rejected.csv"))
        .hasContent(
            "\uFEFF"
                + HEADER.strip()
                + ",_line,_error\n"
                + row(2, "A").strip()
                + ",2,\"the order is rejected because of line 3\"\n"
                + row(2, "no\u0007sku").strip()
                + ",3,"
                + error);

    take(drop("orders.csv", Files.readString(rejected).replace("no\u0007sku", "B")));

    assertNewest("DONE", 1, 0, 0);
    assertThat(names("done"))
        .containsExactlyInAnyOrder(
            "orders.csv",
            second,
            second + ".rejected.csv",
            "orders.csv." + newest().id(),
            "orders.csv.rejected.csv");
    assertThat(items()).isEqualTo(4);
  }

  @Test
  void countsWhatIsThereAlreadyAsDuplicates() throws IOException {
    take(drop("orders.csv", HEADER + row(1, "A") + row(2, "A")));
    assertNewest("DONE", 2, 0, 0);

    take(drop("orders.csv", HEADER + row(1, "A") + row(2, "B") + row(3, "A")));

    assertNewest("DONE", 1, 1, 1);
    assertThat(inboxFolder.resolve("done/orders.csv." + newest().id() + ".rejected.csv"))
        .content()
        .endsWith(row(2, "B").strip() + ",3,\"/orderRef is there already with other content\"\n");
  }

  @Test
  void givesBackOrdersWhoseCouponCantBeUsed() throws IOException {
    take(
        drop(
            "orders.jsonl",
            json(1).replace("\"currency\"", "\"couponCode\":\"NONE\",\"currency\"")));

    assertNewest("DONE", 0, 0, 1);
    assertThat(inboxFolder.resolve("done/orders.jsonl.rejected.jsonl"))
        .content()
        .endsWith(
            ",\"_line\":1,\"_error\":\"/couponCode can't be used for this order: UNKNOWN\"}\n");
  }

  /** Many orders in one of the files: they are written in another way than few. */
  @Test
  void takesNamesAndReferencesForTextAlone() throws IOException {
    StringBuilder csv = new StringBuilder(HEADER);
    StringBuilder json = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (String text : Injections.TEXTS) {
      for (int i = 0; i < 20; i++) {
        String reference = run + "-" + i + text.replace(' ', '_');
        expected.add(reference + " " + text + " " + text);
        if (i == 0) {
          csv.append(
              row(1, "A")
                  .replace(run + "-1,", quoted(reference) + ",")
                  .replace("Shirt", quoted(text))
                  .replace("김민지", quoted(text)));
        } else {
          json.append(
              json(1)
                  .replace(run + "-1", escaped(reference))
                  .replace("Shirt", escaped(text))
                  .replace("김민지", escaped(text))
                  .concat("\n"));
        }
      }
    }
    take(drop("typed.csv", csv.toString()));
    assertNewest("DONE", Injections.TEXTS.size(), 0, 0);
    fileDrop(intake, imports, settings(1_000))
        .importNow(found(drop("typed.jsonl", json.toString())));
    assertNewest("DONE", 19L * Injections.TEXTS.size(), 0, 0);

    assertThat(
            jdbc.sql(
                    "select reference || ' ' || customer_name || ' ' || name"
                        + " from order_item join orders on id = order_id where reference like ?")
                .param(run + "-%")
                .query(String.class)
                .list())
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void refusesWhatSomebodyTypedInEveryOtherField() throws IOException {
    List<String> columns = List.of(HEADER.strip().split(","));
    StringBuilder csv = new StringBuilder(HEADER);
    StringBuilder json = new StringBuilder();
    int orders = 0;
    for (String text : Injections.TEXTS) {
      for (String column : columns) {
        boolean takesAnyText = Set.of("orderRef", "customerId", "sku").contains(column);
        if (!takesAnyText && !column.toLowerCase().endsWith("name")) {
          String[] fields = row(++orders, "A").strip().split(",", -1);
          fields[columns.indexOf(column)] = quoted(text);
          csv.append(String.join(",", fields)).append('\n');
        }
      }
      for (String field : List.of("\"k@example.com\"", "\"KRW\"")) {
        json.append(json(1).replace(field, '"' + escaped(text) + '"')).append('\n');
      }
    }
    take(drop("bad.csv", csv.toString()));
    assertNewest("DONE", 0, 0, orders);
    take(drop("bad.jsonl", json.toString()));
    assertNewest("DONE", 0, 0, 2L * Injections.TEXTS.size());
  }

  @Test
  void refusesLineBreaksInNames() throws IOException {
    take(drop("a.csv", HEADER + row(1, "A").replace("Shirt", "\"a\r\nBcc: b@example.com\"")));
    assertNewest("DONE", 0, 0, 1);
    take(drop("a.jsonl", json(1).replace("Shirt", "a\\r\\nBcc: b@example.com")));
    assertNewest("DONE", 0, 0, 1);
  }

  @Test
  void movesWhatCantBeReadToFailedAndSaysWhy() throws IOException {
    take(drop("columns.csv", "orderRef,amount\n1,2\n"));
    take(
        drop("latin.csv", (HEADER + row(1, "A") + row(2, "A") + row(3, "é")).getBytes(ISO_8859_1)));
    byte[] zipped = zipped(HEADER + row(1, "A"));
    take(drop("cut.csv.gz", Arrays.copyOf(zipped, zipped.length - 12)));
    take(drop("plain.json.gz", "{}"));
    take(drop("cut.json", "[" + json(9)));

    assertThat(error("columns.csv"))
        .startsWith("Line 1, the header row, can't be used: unknown: amount; missing: ");
    assertThat(error("latin.csv"))
        .isEqualTo(
            "Line 4 is not UTF-8, nor is it windows-949: save the file in the encoding UTF-8 and"
                + " drop it again.\n");
    assertThat(error("cut.csv.gz")).startsWith("It is no whole gzip file (it ends too early): ");
    assertThat(error("plain.json.gz")).startsWith("It is no whole gzip file (");
    assertThat(error("cut.json")).startsWith("Line 1 is not as JSON must be: ");
    assertThat(names("failed")).hasSize(10);
    assertThat(newest().state()).isEqualTo("FAILED");
    assertThat(orders()).as("the first of the JSON list").isEqualTo(1);
  }

  @Test
  void takesNamesOfAnyKind() throws IOException {
    String longest = "x".repeat(251) + ".csv";
    for (String name :
        List.of(
            "주문 2026년 11월.csv", "x".repeat(196) + ".csv", longest, "ORDERS.CSV", "a+b%20#&?.csv")) {
      take(drop(name, HEADER + row(1, "A") + row(2, "no\u0007sku")));
      assertThat(inboxFolder.resolve("done").resolve(name)).exists();
      assertThat(newest().rejected()).isEqualTo(1);
    }
    assertThat(names("done"))
        .hasSize(10)
        .allMatch(name -> name.contains(".csv") || name.contains(".CSV"));
  }

  @Test
  void placesNoOrderWithoutTheRowsThatAPausingWriterHasYetToWrite() throws IOException {
    Path file = drop("orders.csv", HEADER + row(1, "A") + row(2, "A"));
    takeAfter(settings.stableFor());
    assertNewest("RUNNING", 1, 0, 0);
    append(file, row(2, "B") + row(3, "A"));
    takeAfter(settings.stableFor());
    assertNewest("RUNNING", 2, 0, 0);
    assertThat(items()).isEqualTo(3);
    takeAfter(settings.completeAfter());

    assertNewest("DONE", 3, 0, 0);
    assertThat(items()).isEqualTo(4);
    assertThat(names("")).containsExactly("done", "failed");
  }

  @Test
  void placesNoRowThatABlockwiseWriterHasCutWithinAColumn() throws IOException {
    String text = HEADER + row(1, "A") + row(2, "A").replace(",10,", ",39000,WELCOME10");
    for (int cut : List.of(3, 10, 12, 16)) {
      String name = "cut-" + cut + ".csv";
      Path file = drop(name, text.substring(0, text.length() - cut));
      takeAfter(settings.completeAfter().minusMillis(1));
      assertThat(file).exists();
      append(file, text.substring(text.length() - cut));
      takeAfter(settings.stableFor());
      takeAfter(settings.completeAfter());
      assertThat(file).doesNotExist();
      assertThat(newest().accepted() + newest().duplicates()).isEqualTo(1);
      assertThat(newest().rejected()).as("the coupon is unknown").isEqualTo(1);
    }
  }

  @Test
  void waitsForTheEndOfAJsonListThatIsWrittenInPlace() throws IOException {
    Path file = drop("orders.json", "[\n" + json(1) + ",\n" + json(2) + ",\n");
    takeAfter(settings.stableFor());
    assertNewest("RUNNING", 1, 0, 0);
    append(file, json(3) + "]\n");
    takeAfter(settings.stableFor());
    takeAfter(settings.completeAfter());

    assertNewest("DONE", 3, 0, 0);
  }

  @Test
  void endsTheAttemptWhenAFileGrowsWhileItIsReadAndReadsOnLater() throws IOException {
    Path file = drop("orders.csv", HEADER + row(1, "A") + row(2, "A"));
    Imports slow = spy(new Imports(jdbc, clock));
    doAnswer(
            begun -> {
              Object progress = begun.callRealMethod();
              append(file, row(2, "B") + row(3, "A"));
              return progress;
            })
        .doCallRealMethod()
        .when(slow)
        .begin(any(), any());

    fileDrop(intake, slow).importNow(found(file));
    assertThat(file).exists();
    assertNewest("RUNNING", 0, 0, 0);
    fileDrop(intake, slow).importNow(found(file));

    assertNewest("DONE", 3, 0, 0);
    assertThat(items()).isEqualTo(4);
    assertThat(imports.list(1, null).entries().get(0).bytesTotal()).isPositive();
  }

  @Test
  void importsFromTheBeginningWhatWasOverwrittenDuringItsImport() throws IOException {
    Path file = drop("orders.csv", HEADER + rows(1, 30));
    Intake failing = spy(intake);
    doCallRealMethod().doThrow(away()).when(failing).place(any(), any(), any(), anyBoolean());
    fileDrop(failing, imports).importNow(found(file));
    assertNewest("RUNNING", 10, 0, 0);
    drop("orders.csv", HEADER + rows(101, 140));

    take(file);
    assertThat(newest().state()).isEqualTo("FAILED");
    assertThat(newest().reason()).contains("was overwritten");
    take(file);

    assertNewest("DONE", 39, 0, 0);
    assertThat(orders()).isEqualTo(49);
  }

  @Test
  void bringsBackAFileWhoseWriterGoesOnAfterItWasTaken(CapturedOutput log) throws IOException {
    FileDrop drop = fileDrop(intake, imports);
    Path file = drop("orders.csv", HEADER + row(1, "A") + row(2, "A"));
    try (Writer writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND)) {
      drop.importNow(found(file));
      assertNewest("DONE", 2, 0, 0);
      drop.bringBackGrown();
      writer.write(row(3, "A") + row(4, "A"));
    }
    passes(Duration.ofSeconds(1));
    drop.bringBackGrown();

    assertThat(file).exists();
    assertThat(newest().reason()).contains("grew after it was taken");
    assertThat(log.getAll()).contains("orders.csv grew after it was taken");
    assertThat(look()).as("it may still be being written").isEmpty();
    takeAfter(settings.stableFor());
    assertNewest("RUNNING", 1, 2, 0);
    takeAfter(settings.completeAfter());
    assertNewest("DONE", 2, 2, 0);
    assertThat(newest().reason()).isNull();
  }

  @Test
  void anInstanceThatStartsFindsWhatGrewAfterItWasTaken() throws IOException {
    Path file = drop("orders.csv", HEADER + row(1, "A"));
    Path newer = inboxFolder.resolve("orders.csv");
    take(file);
    append(inboxFolder.resolve("done/orders.csv"), row(2, "A"));
    drop("orders.csv", HEADER + row(3, "A"));

    FileDrop restarted = fileDrop(intake, imports);
    restarted.bringBackGrown();
    passes(Duration.ofSeconds(1));
    restarted.bringBackGrown();

    assertThat(newer).hasContent(HEADER + row(3, "A"));
    assertThat(inboxFolder.resolve("orders." + newest().id() + ".csv"))
        .hasContent(HEADER + row(1, "A") + row(2, "A"));
  }

  @Test
  void anOrderThatTakesAllMemoryCostsNoOther() throws IOException {
    Intake greedy = spy(intake);
    doAnswer(
            call -> {
              List<NewOrder> batch = call.getArgument(1);
              if (batch.stream().anyMatch(order -> (run + "-4").equals(order.reference()))) {
                throw new OutOfMemoryError("no");
              }
              return call.callRealMethod();
            })
        .when(greedy)
        .place(any(), any(), any(), anyBoolean());

    fileDrop(greedy, imports).importNow(found(drop("orders.csv", HEADER + rows(1, 25))));

    assertNewest("DONE", 23, 0, 1);
    assertThat(inboxFolder.resolve("done/orders.csv.rejected.csv"))
        .content()
        .contains("there is not enough memory for it");
  }

  @Test
  @Timeout(180)
  void noCouponIsLockedWhileTheDiskOfTheRejectedRowsIsWaitedFor() throws Exception {
    jdbc.sql(
            "insert into coupon (code, discount_type, discount_value, usage_limit, created_at)"
                + " values (?, 'PERCENT', 10, 100, now())")
        .param("C-" + run)
        .update();
    String withCoupon = row(1, "A").replace(",10,", ",10,C-" + run);
    Path file = drop("orders.csv", HEADER + withCoupon + row(2, "no\u0007sku"));
    Imports slow = spy(new Imports(jdbc, clock));
    AtomicReference<Path> pipe = new AtomicReference<>();
    doAnswer(
            begun -> {
              Progress progress = (Progress) begun.callRealMethod();
              pipe.set(inbox.collecting(progress.id()));
              new ProcessBuilder("mkfifo", pipe.get().toString()).start().waitFor();
              return progress;
            })
        .doCallRealMethod()
        .when(slow)
        .begin(any(), any());
    FileDrop drop = fileDrop(intake, slow);
    CompletableFuture<Void> hanging = CompletableFuture.runAsync(() -> drop.importNow(found(file)));
    await().until(() -> orders() == 1);

    CompletableFuture<Long> other =
        CompletableFuture.supplyAsync(
            () -> {
              drop("other.csv", HEADER + withCoupon.replace(run + "-1", run + "-3"));
              fileDrop(intake, imports).importNow(found(inboxFolder.resolve("other.csv")));
              return orders();
            });
    assertThat(other.get(60, TimeUnit.SECONDS)).isEqualTo(2);
    assertThat(hanging).isNotDone();
    Files.newInputStream(pipe.get()).close();
    hanging.get(60, TimeUnit.SECONDS);
    Files.deleteIfExists(pipe.get());
    take(file);

    assertThat(inboxFolder.resolve("done/orders.csv.rejected.csv"))
        .content()
        .contains("no\u0007sku");
  }

  @Test
  void whoHasLostTheLeaseNoticesBeforeItWritesAnything() throws Exception {
    StringBuilder text = new StringBuilder(HEADER);
    for (int i = 0; i < 40; i++) {
      text.append(row(i, i % 5 == 0 ? "no\u0007sku" : "A"));
    }
    Path file = drop("orders.csv", text.toString());
    Intake frozen = spy(intake);
    Imports mine = spy(new Imports(jdbc, clock));
    SteppedInstance others = new SteppedInstance(database);
    ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor();
    others.beat();
    heart.scheduleWithFixedDelay(others::beat, 0, 500, TimeUnit.MILLISECONDS);
    FileDrop other = fileDrop(intake, imports, settings, others.leases(), transaction);
    AtomicInteger batches = new AtomicInteger();
    TransactionTemplate freezing = spy(transaction);
    doAnswer(
            call -> {
              if (batches.incrementAndGet() == 2) { // frozen here; meanwhile:
                assertThat(leaseIsTakenAway()).isTrue();
                other.importNow(found(file));
              }
              return call.callRealMethod();
            })
        .when(freezing)
        .execute(any());

    try {
      fileDrop(frozen, mine, settings, leases, freezing).importNow(found(file));
    } finally {
      heart.shutdown();
      assertThat(heart.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      others.end();
    }

    verify(frozen, times(1)).place(any(), any(), any(), anyBoolean());
    verify(mine, times(1)).lock(any());
    verify(mine, never()).end(any(), any(), any());
    verify(mine, never()).leftInbox(any(), any());
    assertNewest("DONE", 32, 0, 8);
    assertThat(names("done")).containsExactly("orders.csv", "orders.csv.rejected.csv");
    assertThat(Files.readAllLines(inboxFolder.resolve("done/orders.csv.rejected.csv"))).hasSize(9);
  }

  @Test
  void takesAnyNameAndShowsItsControlCharactersEscaped(CapturedOutput log) throws IOException {
    List<String> names =
        List.of(
            "a\\b.csv",
            "line\nbreak\u001b[2J.csv",
            "quote's \"x\".csv",
            "-rf.csv",
            "*?.csv",
            " .csv");
    for (String name : names) {
      Path moved = Files.move(drop("x.part", HEADER + row(1, "A")), inboxFolder.resolve(name));
      await().until(() -> !look().isEmpty());
      FoundFile found = look().get(0);
      fileDrop(intake, imports).importNow(found);
      assertThat(moved).doesNotExist();
      assertThat(inboxFolder.resolve("done").resolve(name)).exists();
      assertThat(newest().file()).isEqualTo(name);
    }
    assertThat(log.getAll())
        .contains("Imported line\\nbreak\\u001b[2J.csv")
        .doesNotContain("\u001b[2J");
  }

  @Test
  void takesANameThatIsNoText() throws Exception {
    drop("x.csv", HEADER + row(1, "A"));
    String rename = "mv x.csv $'\\xff\\xfe.csv'";
    Process moved =
        new ProcessBuilder("bash", "-c", rename).directory(inboxFolder.toFile()).start();
    assertThat(moved.waitFor()).isZero();
    await().until(() -> !look().isEmpty());

    fileDrop(intake, imports).importNow(look().get(0));

    assertThat(names("done")).containsExactly("%FF%FE.csv");
    assertNewest("DONE", 1, 0, 0);
  }

  @Test
  void rejectedRowsAreReadableByThoseWhoCouldReadTheFileAndNoOthers() throws IOException {
    for (String permissions : List.of("rw-------", "rw-r-----", "rw-r--r--")) {
      Path file = drop("orders.csv", HEADER + row(1, "no\u0007sku"));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      take(file);
      Path rejected = inboxFolder.resolve("done/orders.csv.rejected.csv");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(rejected)))
          .isEqualTo(permissions);
      Files.delete(rejected);
      Files.delete(inboxFolder.resolve("done/orders.csv"));
    }
  }

  @Test
  void importsAFileThatTookTheOthersPlaceMeanwhile() throws IOException {
    Path file = drop("orders.csv", HEADER + row(1, "A"));
    Imports slow = spy(new Imports(jdbc, clock));
    doAnswer(
            ended -> {
              Files.move(
                  drop("new.part", HEADER + row(2, "A") + row(3, "A")),
                  file,
                  StandardCopyOption.REPLACE_EXISTING);
              return ended.callRealMethod();
            })
        .doCallRealMethod()
        .when(slow)
        .end(any(), any(), any());
    FileDrop drop = fileDrop(intake, slow);

    drop.importNow(found(file));
    assertThat(file).exists();
    drop.importNow(found(file));

    assertNewest("DONE", 2, 0, 0);
    assertThat(orders()).isEqualTo(3);
  }

  @Test
  void goesOnWhereItEndedWhateverFailed() throws IOException {
    StringBuilder text = new StringBuilder(HEADER);
    for (int i = 0; i < 95; i++) {
      text.append(row(i, i % 7 == 0 ? "no\u0007sku" : "A"));
      text.append(i % 5 == 0 ? "broken\n" : "");
    }
    take(drop("whole.csv", text.toString()));
    Import whole = newest();
    String rejected = Files.readString(inboxFolder.resolve("done/whole.csv.rejected.csv"));
    deleteOrders();

    Path file = drop("orders.csv", text.toString());
    Intake failing = spy(intake);
    Imports failingImports = spy(new Imports(jdbc, clock));
    doCallRealMethod()
        .doThrow(away())
        .doCallRealMethod()
        .when(failing)
        .place(any(), any(), any(), anyBoolean());
    fileDrop(failing, failingImports).importNow(found(file));
    assertThat(newest().state()).isEqualTo("RUNNING");

    doThrow(away())
        .doCallRealMethod()
        .doCallRealMethod()
        .doThrow(away())
        .doCallRealMethod()
        .when(failingImports)
        .advance(any(), any());
    doCallRealMethod().when(failing).place(any(), any(), any(), anyBoolean());
    fileDrop(failing, failingImports).importNow(found(file));
    fileDrop(failing, failingImports).importNow(found(file));
    doThrow(away()).doCallRealMethod().when(failingImports).end(any(), any(), any());
    fileDrop(failing, failingImports).importNow(found(file));
    doThrow(away()).doCallRealMethod().when(failingImports).leftInbox(any(), any());
    fileDrop(failing, failingImports).importNow(found(file));
    assertThat(file).doesNotExist();

    assertNewest("DONE", whole.accepted(), whole.duplicates(), whole.rejected());
    assertThat(inboxFolder.resolve("done/orders.csv.rejected.csv")).hasContent(rejected);
    assertThat(orders()).isEqualTo(whole.accepted());
    assertThat(names("done")).noneMatch(name -> name.endsWith(".part"));
  }

  @Test
  void goesOnWhenTheDatabaseHasRoomAgain() {
    Path file = drop("orders.csv", HEADER + rows(1, 30));
    try (FailingInserts inserts =
        FailingInserts.into(
            jdbc, "orders", "new.reference = '" + run + "-15'", FailingInserts.DISK_FULL, 2)) {
      take(file);
      take(file);
      assertNewest("RUNNING", 10, 0, 0);
      take(file);
    }

    assertNewest("DONE", 29, 0, 0);
    assertThat(orders()).isEqualTo(29);
  }

  @Test
  @EnabledIf("hasFullDevice")
  void importsAFileWholeWhenTheInboxsDiskHasRoomAgainAndTellsOfItOnce(CapturedOutput log)
      throws IOException {
    Path file = drop("orders.csv", HEADER + row(1, "no\u0007sku") + rows(2, 30));
    AtomicInteger batches = new AtomicInteger();
    Intake filling = spy(intake);
    doAnswer(
            call -> {
              if (batches.incrementAndGet() == 1) {
                Files.createSymbolicLink(inbox.collecting(newest().id()), FULL);
              }
              return call.callRealMethod();
            })
        .when(filling)
        .place(any(), any(), any(), anyBoolean());
    FileDrop drop = fileDrop(filling, imports, settings);

    drop.importNow(found(file));
    passes(Duration.ofMinutes(1));
    drop.importNow(found(file));
    assertThat(batches).hasValue(1);
    assertNewest("RUNNING", 9, 0, 1);
    assertThat(file).exists();
    assertThat(orders()).isEqualTo(9);
    assertThat(log.getAll().lines().filter(line -> line.contains("No space left on device")))
        .singleElement()
        .asString()
        .contains("The import of orders.csv");

    Files.delete(inbox.collecting(newest().id()));
    passes(Duration.ofMinutes(1));
    drop.importNow(found(file));

    assertNewest("DONE", 28, 0, 1);
    assertThat(orders()).isEqualTo(28);
    assertThat(names("done")).containsExactly("orders.csv", "orders.csv.rejected.csv");
    assertThat(inboxFolder.resolve("done/orders.csv.rejected.csv"))
        .isRegularFile()
        .content()
        .contains("no\u0007sku");
  }

  /** Linux has a device on which nothing can be written for want of room. */
  static boolean hasFullDevice() {
    return Files.exists(FULL);
  }

  @Test
  void movesAFileWhoseImportHasEndedWithoutImportingItAgain() throws IOException {
    Path file = drop("orders.csv", HEADER + row(1, "A") + row(2, "no\u0007sku"));
    FileDrop crashing = fileDrop(intake, imports);
    Files.delete(
        inboxFolder.resolve("done")); // it can't be moved there, nor can anything be given back
    Files.createFile(inboxFolder.resolve("done"));
    crashing.importNow(found(file));
    assertThat(file).exists();
    Files.delete(inboxFolder.resolve("done"));

    assertThat(inbox.isUsable()).isTrue();
    take(file);

    assertNewest("DONE", 1, 0, 1);
    assertThat(names("done")).containsExactly("orders.csv", "orders.csv.rejected.csv");
  }

  @Test
  void endsTheImportOfAFileThatWasTakenAway() throws Exception {
    Path file = drop("orders.csv", HEADER + row(1, "no\u0007sku") + row(2, "A") + rows(3, 30));
    Intake failing = spy(intake);
    doCallRealMethod().doThrow(away()).when(failing).place(any(), any(), any(), anyBoolean());
    fileDrop(failing, imports).importNow(found(file));
    Files.delete(file);

    fileDrop(intake, imports).endVanished(clock.instant().plusSeconds(1));

    assertThat(newest().state()).isEqualTo("FAILED");
    assertThat(names("failed")).containsExactly("orders.csv.error.txt", "orders.csv.rejected.csv");
  }

  @Test
  void writesAnewWhatTheLatestBatchGaveBackThoughItIsGone() throws IOException {
    Path file = drop("orders.csv", HEADER + row(1, "no\u0007sku") + rows(2, 30));
    failAfterBatches(1, file);
    assertNewest("RUNNING", 9, 0, 1);
    Files.delete(inbox.collecting(newest().id()));

    take(file);

    assertNewest("DONE", 28, 0, 1);
    assertThat(inboxFolder.resolve("done/orders.csv.rejected.csv"))
        .content()
        .contains("no\u0007sku");
  }

  @Test
  void beginsAgainWhenWhatEarlierBatchesGaveBackIsGone() throws IOException {
    Path file = drop("orders.csv", HEADER + row(1, "no\u0007sku") + rows(2, 30));
    failAfterBatches(2, file);
    assertNewest("RUNNING", 19, 0, 1);
    Files.delete(inbox.collecting(newest().id()));

    take(file);

    assertNewest("DONE", 9, 19, 1);
    assertThat(inboxFolder.resolve("done/orders.csv.rejected.csv"))
        .content()
        .contains("no\u0007sku");
  }

  @Test
  void givesBackTheOrderThatTheDatabaseRefuses() throws IOException {
    Intake refusing = spy(intake);
    doAnswer(
            call -> {
              List<NewOrder> batch = call.getArgument(1);
              if (batch.stream().anyMatch(order -> (run + "-4").equals(order.reference()))) {
                throw new DataIntegrityViolationException("no");
              }
              return call.callRealMethod();
            })
        .when(refusing)
        .place(any(), any(), any(), anyBoolean());

    fileDrop(refusing, imports).importNow(found(drop("orders.csv", HEADER + rows(1, 25))));

    assertNewest("DONE", 23, 0, 1);
    assertThat(inboxFolder.resolve("done/orders.csv.rejected.csv"))
        .content()
        .contains(run + "-4,")
        .contains("the database refuses a value of it");
  }

  @Test
  void sharesAnInboxWithOthers() throws Exception {
    for (int i = 0; i < 20; i++) {
      drop("orders-" + i + ".csv", HEADER + rows(i * 100, i * 100 + 50));
    }
    List<CompletableFuture<Void>> instances =
        Stream.generate(() -> fileDrop(intake, imports))
            .limit(3)
            .map(instance -> CompletableFuture.runAsync(() -> takeAll(instance)))
            .toList();
    CompletableFuture.allOf(instances.toArray(CompletableFuture[]::new)).get();

    assertThat(names("done")).hasSize(20);
    assertThat(orders()).isEqualTo(1000);
    assertThat(imports.list(20, null).entries())
        .allMatch(i -> i.accepted() == 50 && i.duplicates() == 0 && i.state().equals("DONE"));
  }

  @Test
  void picksUpWhatIsMovedIntoTheInboxOfTheRunningApplication() throws IOException {
    Path file = drop("요청 " + run + ".csv", HEADER + row(1, "A"));

    Files.move(file, watched.resolve(file.getFileName()));

    await().until(() -> Files.exists(watched.resolve("done").resolve(file.getFileName())));
    assertThat(orders()).isEqualTo(1);
  }

  @Test
  void importsABigFileAsideWhileSmallOnesGoOn() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    Intake slow = spy(intake);
    doAnswer(
            call -> {
              held.await(120, TimeUnit.SECONDS);
              return call.callRealMethod();
            })
        .when(slow)
        .place(any(), any(), eq(Priority.BULK), anyBoolean());
    FileDrop drop = fileDrop(slow, imports);
    Path big = drop("big.csv", HEADER + rows(1, 1_000));
    Path other = drop("other.csv", HEADER + rows(1_000, 2_000));

    drop.take(found(big));
    drop.take(found(other));
    drop.take(found(drop("small.csv", HEADER + row(2_000, "A"))));
    await().untilAsserted(() -> assertThat(orders()).as("those of the small file").isEqualTo(1));
    held.countDown();
    await().until(() -> Files.notExists(big));
    assertThat(other).as("one at a time").exists();
    await()
        .until(
            () -> {
              if (Files.exists(other)) {
                drop.take(found(other));
              }
              return Files.notExists(other);
            });
    drop.destroy();

    assertThat(orders()).isEqualTo(2_000);
  }

  @Test
  void theEffectsOfAFileThatIsNeitherSmallNorBigFollowOthersAndItsImportDoesNot() {
    Intake watchedIntake = spy(intake);
    FileDrop drop = fileDrop(watchedIntake, imports);

    drop.importNow(found(drop("small.csv", HEADER + rows(1, 100))));
    verify(watchedIntake, never()).place(any(), any(), eq(Priority.BULK), anyBoolean());
    clearInvocations(watchedIntake);
    drop.importNow(found(drop("middle.csv", HEADER + rows(100, 600))));

    assertThat(orders()).isEqualTo(599);
    verify(watchedIntake, never()).place(any(), any(), eq(Priority.LIVE), anyBoolean());
  }

  @Test
  void endsTheBigFilesBatchAtHandBeforeItStops() throws Exception {
    FileDrop drop = fileDrop(intake, imports);
    Path big = drop("big.csv", HEADER + rows(1, 4_000));
    drop.take(found(big));
    await().until(() -> orders() > 0);
    drop.stop();
    drop.destroy();
    long placed = orders();

    assertThat(placed).isLessThan(3_999);
    assertNewest("RUNNING", placed, 0, 0);
    FileDrop next = fileDrop(intake, imports);
    next.take(found(big));
    next.destroy();
    assertThat(newest().state()).isEqualTo("RUNNING");
  }

  @Test
  void leavesTheImportsOfOtherInboxesAlone() throws Exception {
    Path file = drop("orders.csv", HEADER + rows(1, 30));
    Intake failing = spy(intake);
    doCallRealMethod().doThrow(away()).when(failing).place(any(), any(), any(), anyBoolean());
    fileDrop(failing, imports).importNow(found(file));
    Path otherFolder = folder.resolve("other");
    Inbox mine = inbox;
    inbox = new Inbox(otherFolder, settings);
    assertThat(inbox.isUsable()).isTrue();

    fileDrop(intake, imports).endVanished(clock.instant().plusSeconds(1));
    assertThat(newest().state()).isEqualTo("RUNNING");
    take(Files.copy(file, otherFolder.resolve("orders.csv"), StandardCopyOption.COPY_ATTRIBUTES));
    assertNewest("DONE", 19, 10, 0);
    inbox = mine;
    take(file);

    assertThat(imports.list(2, null).entries())
        .extracting(Import::state)
        .containsExactly("DONE", "DONE");
    assertThat(orders()).isEqualTo(29);
  }

  @Test
  void keepsTheIdOfAnInboxThatIsMountedElsewhereOrWasRemoved() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("mounted elsewhere"), inboxFolder);
    assertThat(new Inbox(link, settings).id()).isEqualTo(inbox.id());

    String before = inbox.id();
    FileSystemUtils.deleteRecursively(inboxFolder);
    assertThat(inbox.isUsable()).isTrue();

    assertThat(inbox.id()).isEqualTo(before);
    assertThat(inboxFolder.resolve(".inbox-id")).hasContent(before + "\n");
  }

  @Test
  void listsImportsNewestFirstAPageAtATime() throws IOException {
    for (String name : List.of("a.csv", "b.csv", "c.csv")) {
      take(drop(name, HEADER));
    }

    Page<Import> first = imports.list(2, null);
    Page<Import> second = imports.list(2, first.next());

    assertThat(first.entries()).extracting(Import::file).containsExactly("c.csv", "b.csv");
    assertThat(second.entries().get(0).file()).isEqualTo("a.csv");
    assertThat(imports.find(first.entries().get(0).id())).contains(first.entries().get(0));
    assertThat(imports.find(-1)).isEmpty();
  }

  @Test
  void forgetsImportsThatEndedLongAgoAFewAtATime() throws IOException {
    for (String name : List.of("a.csv", "b.csv", "c.csv", "d.csv")) {
      take(drop(name, HEADER));
    }
    List<Long> ids = imports.list(4, null).entries().stream().map(Import::id).toList();
    Instant longAgo = Instant.parse("2001-01-01T00:00:00Z");
    jdbc.sql("update import set finished_at = :longAgo where id in (:ids)")
        .param("longAgo", longAgo.atOffset(ZoneOffset.UTC))
        .param("ids", ids.subList(1, 4))
        .update();

    assertThat(imports.forgetBefore(longAgo.plusSeconds(1), 2)).isEqualTo(2);
    assertThat(imports.forgetBefore(longAgo.plusSeconds(1), 2)).isEqualTo(1);
    assertThat(imports.forgetBefore(longAgo.plusSeconds(1), 2)).isZero();
    assertThat(ids.stream().filter(id -> imports.find(id).isPresent())).containsExactly(ids.get(0));
  }

  private void takeAll(FileDrop instance) {
    for (int i = 0; i < 20; i++) {
      Path file = inboxFolder.resolve("orders-" + i + ".csv");
      if (Files.exists(file)) {
        instance.importNow(found(file));
      }
    }
  }

  private void take(Path file) {
    fileDrop(intake, imports).importNow(found(file));
  }

  private static FoundFile found(Path file) {
    try {
      return new FoundFile(file, FileSight.of(file), true);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<FoundFile> look() {
    return inbox.look(100, file -> true);
  }

  private void passes(Duration duration) {
    time.addAndGet(duration.toNanos());
  }

  /** Imports what can be imported after so much time without a change. */
  private void takeAfter(Duration quiet) {
    look();
    passes(quiet);
    look().forEach(fileDrop(intake, imports)::importNow);
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }

  private static ImportSettings settings(int batch) {
    return settings(batch, Duration.ofSeconds(10), Duration.ofMinutes(1));
  }

  private static ImportSettings settings(int batch, Duration stableFor, Duration completeAfter) {
    return new ImportSettings(
        batch,
        2,
        BULK,
        BIG,
        stableFor,
        completeAfter,
        Duration.ofHours(1),
        Duration.ofSeconds(5),
        Duration.ofDays(90),
        DataSize.ofGigabytes(1),
        "windows-949",
        Map.of(),
        Duration.ofMillis(250));
  }

  private FileDrop fileDrop(Intake intake, Imports imports) {
    return fileDrop(intake, imports, settings);
  }

  private FileDrop fileDrop(Intake intake, Imports imports, ImportSettings settings) {
    return fileDrop(intake, imports, settings, leases, transaction);
  }

  /**
   * @param placing in which batches are placed
   */
  private FileDrop fileDrop(
      Intake intake,
      Imports imports,
      ImportSettings settings,
      Leases leases,
      TransactionTemplate placing) {
    return new FileDrop(
        inbox,
        imports,
        new FileImport(intake, reversals, reversedOrders, imports, bulkLane, placing, settings),
        settings,
        leases,
        transaction,
        clock,
        time::get);
  }

  /** Imports some batches of a file before the database goes away. */
  private void failAfterBatches(int batches, Path file) {
    Intake failing = spy(intake);
    AtomicInteger placed = new AtomicInteger();
    doAnswer(
            call -> {
              if (placed.incrementAndGet() > batches) {
                throw away();
              }
              return call.callRealMethod();
            })
        .when(failing)
        .place(any(), any(), any(), anyBoolean());
    fileDrop(failing, imports).importNow(found(file));
  }

  /** As if this instance had been silent for too long. */
  private boolean leaseIsTakenAway() throws IOException {
    return jdbc.sql("delete from lease where name = ?")
            .param("import " + inbox.id() + " orders.csv")
            .update()
        == 1;
  }

  private Path drop(String name, String text) {
    return drop(name, text.getBytes(UTF_8));
  }

  private Path drop(String name, byte[] bytes) {
    try {
      return Files.write(inboxFolder.resolve(name), bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertNewest(String state, long accepted, long duplicates, long rejected) {
    Import newest = newest();
    assertThat(List.of(newest.state(), newest.accepted(), newest.duplicates(), newest.rejected()))
        .isEqualTo(List.of(state, accepted, duplicates, rejected));
  }

  private Import newest() {
    return imports.list(1, null).entries().get(0);
  }

  private List<String> names(String below) throws IOException {
    try (Stream<Path> files = Files.list(inboxFolder.resolve(below))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals(".inbox-id"))
          .sorted()
          .toList();
    }
  }

  private String error(String name) throws IOException {
    return Files.readString(inboxFolder.resolve("failed").resolve(name + ".error.txt"));
  }

  private long orders() {
    return count("orders where reference like ?");
  }

  private long items() {
    return count("order_item where order_id in (select id from orders where reference like ?)");
  }

  private long count(String what) {
    return jdbc.sql("select count(*) from " + what).param(run + "-%").query(Long.class).single();
  }

  private void deleteOrders() {
    jdbc.sql("delete from orders where reference like ?").param(run + "-%").update();
  }

  private String rows(int from, int to) {
    StringBuilder rows = new StringBuilder();
    for (int i = from; i < to; i++) {
      rows.append(row(i, "A"));
    }
    return rows.toString();
  }

  private String row(int order, String sku) {
    return run + "-" + order + ",c-1,k@example.com,김민지,,KRW," + sku + ",Shirt,1,10,\n";
  }

  private String json(int order) {
    return "{\"orderRef\":\""
        + run
        + "-"
        + order
        + "\",\"customer\":{\"id\":\"c-1\",\"email\":\"k@example.com\","
        + "\"name\":\"김민지\",\"phone\":\"010-1234\"},\"currency\":\"KRW\",\"items\":[{\"sku\":\"A\",\"name\":\"Shirt\",\"quantity\":1,"
        + "\"unitPrice\":10}]}";
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static byte[] zipped(String text) throws IOException {
    return zipped(text.getBytes(UTF_8));
  }

  private static byte[] zipped(byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (OutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] zip(String... namesAndTexts) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < namesAndTexts.length; i += 2) {
        zip.putNextEntry(new ZipEntry(namesAndTexts[i]));
        zip.write(namesAndTexts[i + 1].getBytes(UTF_8));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private byte[] workbook(int... orders) throws IOException {
    var bytes = new ByteArrayOutputStream();
    Workbook workbook = new Workbook(bytes, "Orderflow", "1.0");
    Worksheet sheet = workbook.newWorksheet("orders");
    int row = 0;
    for (int order = -1; order < orders.length; order++) {
      String text = order < 0 ? HEADER : row(orders[order], "A");
      String[] fields = text.strip().split(",", -1);
      for (int i = 0; i < fields.length; i++) {
        sheet.value(row, i, fields[i]);
      }
      row++;
    }
    workbook.finish();
    return bytes.toByteArray();
  }

  private static DataAccessResourceFailureException away() {
    return new DataAccessResourceFailureException("the database is away");
  }
}
