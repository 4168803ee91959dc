package orderflow.fileimport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import orderflow.intake.Intake;
import orderflow.outbox.BulkThrottle;
import orderflow.outbox.Priority;
import orderflow.platform.lease.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads a file while the orders read before are placed: one batch is read ahead, no more. */
@Component
class FileImport {

  private static final Logger log = LoggerFactory.getLogger(FileImport.class);

  private final Intake intake;
  private final Imports imports;
  private final BulkThrottle bulkLane;
  private final TransactionTemplate transaction;
  private final ImportSettings settings;

  FileImport(
      Intake intake,
      Imports imports,
      BulkThrottle bulkLane,
      TransactionTemplate transaction,
      ImportSettings settings) {
    this.intake = intake;
    this.imports = imports;
    this.bulkLane = bulkLane;
    this.transaction = transaction;
    this.settings = settings;
  }

  /**
   * Imports what an earlier attempt has left of a file; of one that is not whole all but its last
   * order.
   *
   * @param scratch where what does not fit into memory may be written
   * @param stopping whether to end after the batch at hand
   * @throws UnreadableFile once all orders before the unreadable place have been placed
   * @throws FileChanged once all whole orders have been placed, if the file was written to
   *     meanwhile
   * @throws ImportInterrupted if it was asked to stop
   */
  void run(
      FoundFile found,
      FileFormat format,
      Progress from,
      RejectedRows rejected,
      Path scratch,
      Lease lease,
      BooleanSupplier stopping)
      throws IOException {
    ExecutorService placer =
        Executors.newSingleThreadExecutor(work -> new Thread(work, "file-import"));
    Priority lane = settings.lane(from.drop(), format);
    boolean big = settings.isLarge(from.drop(), format);
    if (big) {
      bulkLane.begins();
    }
    FileContent content = new FileContent(found.path(), from.drop(), format, stopping);
    try (FileSurvey survey = survey(content, scratch);
        OrderSource source = survey.orders()) {
      readsAs(from, survey.format());
      BatchPlacer placing =
          new BatchPlacer(source, rejected, intake, lane, imports, transaction, lease, from);
      ProgressLog report = new ProgressLog(from, settings.progressInterval());
      Batches batches = new Batches(source, content, from, settings.batch(), !found.whole());
      readAndPlace(batches, placing, report, placer, stopping);
    } finally {
      placer.shutdown();
      awaitEnd(placer);
      if (big) {
        bulkLane.ends();
      }
    }
  }

  private FileSurvey survey(FileContent content, Path scratch) throws IOException {
    return FileSurvey.of(content.kind(), content, settings.charset(), settings.profiles(), scratch);
  }

  private void readsAs(Progress from, ImportFormat format) {
    imports.readAs(from.id(), format);
    log.info("Reading {} as {}", FileNames.shown(from.drop().name()), format.shown());
  }

  private static void readAndPlace(
      Batches batches,
      BatchPlacer placing,
      ProgressLog report,
      ExecutorService placer,
      BooleanSupplier stopping)
      throws IOException {
    Future<?> underWay = CompletableFuture.completedFuture(null);
    try {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        await(underWay);
        if (stopping.getAsBoolean()) {
          throw new ImportInterrupted();
        }
        Batch next = batch;
        underWay =
            placer.submit(
                () -> {
                  placing.place(next);
                  report.placed(next, placing.progress());
                });
      }
    } catch (UnreadableFile | FileChanged e) {
      await(underWay);
      throw e;
    }
    await(underWay);
  }

  private static void await(Future<?> placed) throws IOException {
    try {
      placed.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UncheckedIOException disk) {
        throw disk.getCause();
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImportInterrupted();
    }
  }

  /** The file's lease must not end before its last transaction has. */
  private static void awaitEnd(ExecutorService placer) {
    try {
      placer.awaitTermination(2, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
