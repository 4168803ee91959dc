package orderflow.fileimport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class InboxTest {

  private static final String HEADER = "orderRef,sku\n";

  @TempDir Path folder;

  private final ImportSettings settings = settings(Duration.ofSeconds(10), Duration.ofMinutes(1));
  private final AtomicLong time = new AtomicLong();
  private Inbox inbox;
  private Path inboxFolder;

  @BeforeEach
  void makeInbox() {
    inboxFolder = folder.resolve("받은 파일 50% a+b%20c ");
    inbox = new Inbox(inboxFolder, settings, time::get);
    assertThat(inbox.isUsable()).isTrue();
    assertThat(look()).isEmpty();
  }

  @AfterEach
  void closeInbox() {
    inbox.destroy();
  }

  @Test
  void leavesAloneWhatIsNoFileToImport() throws IOException {
    Path outside = Files.writeString(folder.resolve("outside.csv"), HEADER);
    Files.createSymbolicLink(inboxFolder.resolve("link.csv"), outside);
    Files.createDirectory(inboxFolder.resolve("folder.csv"));
    for (String name :
        List.of("a.csv.part", "b.csv.tmp", ".c.csv", "d.txt", "csv", "e.csv.rejected")) {
      drop(name, HEADER);
    }

    look();
    passes(Duration.ofHours(1));
    assertThat(look()).isEmpty();
  }

  /** Written and moved within one tick of the kernel's clock, as programs do. */
  @Test
  void takesAFileMovedIntoPlaceAtOnceThoughItWasWrittenTheMomentBefore() throws IOException {
    drop("in place.csv", HEADER);
    Files.move(drop("orders.csv.part", HEADER), inboxFolder.resolve("orders.csv"));

    await()
        .untilAsserted(
            () ->
                assertThat(look())
                    .singleElement()
                    .matches(file -> file.name().equals("orders.csv") && file.whole()));
  }

  /** The kernel's reports of what was written come later than what is seen of the file. */
  @Test
  void neverTakesForMovedWhatWasWrittenInPlaceTheMomentBefore() throws IOException {
    for (int file = 0; file < 100; file++) {
      drop(file + ".csv", HEADER + row(1, "A"));
      assertThat(look()).isEmpty();
      assertThat(look()).isEmpty();
      assertThat(look()).isEmpty();
      Files.delete(inboxFolder.resolve(file + ".csv"));
    }
  }

  @Test
  void takesAFileThatWasMovedIntoPlaceLongAfterItWasWritten() throws IOException {
    Path written = drop("orders.csv.part", HEADER);
    Files.setLastModifiedTime(written, FileTime.fromMillis(0));
    Files.move(written, inboxFolder.resolve("orders.csv"));

    assertThat(look()).isEmpty();
    assertThat(look()).extracting(FoundFile::whole).containsExactly(true);
  }

  @Test
  void readsAFileThatIsWrittenInPlaceWhenItIsQuietAndToItsEndAMinuteLater() throws IOException {
    Path file = drop("orders.csv", HEADER + row(1, "A"));
    assertThat(look()).isEmpty();
    passes(settings.stableFor().minusMillis(1));
    assertThat(look()).isEmpty();
    append(file, row(2, "A"));
    assertThat(look()).isEmpty();
    passes(settings.stableFor().minusMillis(1));
    assertThat(look()).as("quiet since it has grown").isEmpty();
    passes(Duration.ofMillis(1));

    assertThat(look()).extracting(FoundFile::whole).containsExactly(false);
    inbox.readSoFar(file);
    assertThat(look()).as("all but its last order is read already").isEmpty();
    passes(settings.completeAfter().minus(settings.stableFor()));
    assertThat(look()).extracting(FoundFile::whole).containsExactly(true);
  }

  @Test
  void leavesAFileThatEndsWithoutALineEndForAMinute() throws IOException {
    drop("orders.csv", HEADER + row(1, "A").strip());
    drop("orders.csv.gz", zipped(HEADER));
    look();
    passes(settings.completeAfter().minusMillis(1));
    assertThat(look()).isEmpty();
    passes(Duration.ofMillis(1));

    assertThat(look()).hasSize(2).allMatch(FoundFile::whole);
  }

  @Test
  void aFileThatIsWrittenInPlaceIsNotTakenForAMovedOneWhenItsPermissionsChange()
      throws IOException {
    Path file = drop("orders.csv", HEADER + row(1, "A"));
    look();
    append(file, row(2, "A"));
    look();
    await()
        .until(
            () -> {
              Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
              return FileSight.of(file).wasChangedAfterItsContent();
            });

    assertThat(look()).isEmpty();
    assertThat(look()).isEmpty();
  }

  @Test
  void whatWasQuietBeforeTheStartNeedNotBeQuietAgain() throws IOException {
    Path file = drop("orders.csv", HEADER);
    ImportSettings brief = settings(Duration.ofMillis(50), Duration.ofMillis(50));
    await()
        .until(
            () -> FileSight.of(file).changed().toInstant().plusMillis(100).isBefore(Instant.now()));
    Inbox restarted = new Inbox(inboxFolder, brief, () -> 0); // no time passes

    assertThat(restarted.isUsable()).isTrue();
    assertThat(restarted.look(10, found -> true)).isEmpty();
    assertThat(restarted.look(10, found -> true))
        .extracting(FoundFile::whole)
        .containsExactly(true);
    restarted.destroy();
  }

  @Test
  void aNewFileDoesNotWaitForAllThatCameBeforeIt() throws IOException {
    for (int i = 0; i < 50; i++) {
      Path written = drop("x.part", HEADER);
      Files.setLastModifiedTime(written, FileTime.fromMillis(i));
      Files.move(written, inboxFolder.resolve(i + ".csv"));
    }
    inbox.look(10, file -> true);
    List<FoundFile> first = inbox.look(10, file -> true);

    assertThat(first).hasSize(10);
    assertThat(first.get(0).name()).isEqualTo("0.csv");
    assertThat(first.get(1).name()).isEqualTo("49.csv");
  }

  private List<FoundFile> look() {
    return inbox.look(100, file -> true);
  }

  private void passes(Duration duration) {
    time.addAndGet(duration.toNanos());
  }

  private static ImportSettings settings(Duration stableFor, Duration completeAfter) {
    DataSize size = DataSize.ofKilobytes(20);
    Duration day = Duration.ofDays(1);
    return new ImportSettings(
        10,
        2,
        size,
        size,
        stableFor,
        completeAfter,
        day,
        day,
        day,
        size,
        "windows-949",
        Map.of(),
        day);
  }

  private Path drop(String name, String text) throws IOException {
    return drop(name, text.getBytes(UTF_8));
  }

  private Path drop(String name, byte[] bytes) throws IOException {
    return Files.write(inboxFolder.resolve(name), bytes);
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }

  private static String row(int order, String sku) {
    return "o-" + order + "," + sku + "\n";
  }

  private static byte[] zipped(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (OutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }
}
