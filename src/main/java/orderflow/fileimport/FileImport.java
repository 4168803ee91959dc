package orderflow.fileimport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import orderflow.intake.Intake;
import orderflow.outbox.BulkThrottle;
import orderflow.platform.lease.Lease;
import orderflow.platform.security.Actor;
import orderflow.reversal.Reversals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads a file while the orders read before are placed: one batch is read ahead, no more. */
@Component
class FileImport {

  private static final Logger log = LoggerFactory.getLogger(FileImport.class);

  private final Intake intake;
  private final Reversals reversals;
  private final ReversedOrders reversedOrders;
  private final Imports imports;
  private final BulkThrottle bulkLane;
  private final TransactionTemplate transaction;
  private final ImportSettings settings;

  FileImport(
      Intake intake,
      Reversals reversals,
      ReversedOrders reversedOrders,
      Imports imports,
      BulkThrottle bulkLane,
      TransactionTemplate transaction,
      ImportSettings settings) {
    this.intake = intake;
    this.reversals = reversals;
    this.reversedOrders = reversedOrders;
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
    boolean big = settings.isLarge(from.drop(), format);
    if (big) {
      bulkLane.begins();
    }
    FileContent content = new FileContent(found.path(), from.drop(), format, stopping);
    Importer<?> importer = importer(from.drop(), format);
    try (FileSurvey survey = survey(importer.subject(), content, scratch);
        EntrySource source = survey.entries()) {
      readsAs(from, survey.format());
      readAndPlace(
          importer, source, content, from, !found.whole(), rejected, lease, placer, stopping);
    } finally {
      placer.shutdown();
      awaitEnd(placer);
      if (big) {
        bulkLane.ends();
      }
    }
  }

  private Importer<?> importer(FileIdentity drop, FileFormat format) {
    FileSubject subject = FileSubject.of(drop.name());
    return subject == FileSubject.ORDERS
        ? new OrderImporter(intake, settings.lane(drop, format), settings.batch())
        : new ReversalImporter(
            subject,
            reversals,
            reversedOrders,
            new Actor("file " + FileNames.shown(drop.name()), "file", null));
  }

  private FileSurvey survey(FileSubject subject, FileContent content, Path scratch)
      throws IOException {
    return FileSurvey.of(
        subject,
        content.kind(),
        content,
        settings.charset(),
        subject == FileSubject.ORDERS ? settings.profiles() : Map.of(),
        scratch);
  }

  private void readsAs(Progress from, ImportFormat format) {
    imports.readAs(from.id(), format);
    log.info("Reading {} as {}", FileNames.shown(from.drop().name()), format.shown());
  }

  private <T> void readAndPlace(
      Importer<T> importer,
      EntrySource source,
      FileContent content,
      Progress from,
      boolean withoutLast,
      RejectedRows rejected,
      Lease lease,
      ExecutorService placer,
      BooleanSupplier stopping)
      throws IOException {
    BatchPlacer<T> placing =
        new BatchPlacer<>(source, rejected, importer, imports, transaction, lease, from);
    ProgressLog report = new ProgressLog(from, settings.progressInterval());
    Batches<T> batches = new Batches<>(source, content, from, importer, withoutLast);
    Future<?> underWay = CompletableFuture.completedFuture(null);
    try {
      for (Batch<T> batch = batches.next(); batch != null; batch = batches.next()) {
        await(underWay);
        if (stopping.getAsBoolean()) {
          throw new ImportInterrupted();
        }
        Batch<T> next = batch;
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
