package orderflow.importing;

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
import orderflow.outbox.BulkLane;
import orderflow.outbox.Lane;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads a file while the orders read before are placed: one batch is read ahead, no more. */
@Component
class FileImport {

  private final Intake intake;
  private final Imports imports;
  private final BulkLane bulkLane;
  private final TransactionTemplate transaction;
  private final ImportSettings settings;

  FileImport(
      Intake intake,
      Imports imports,
      BulkLane bulkLane,
      TransactionTemplate transaction,
      ImportSettings settings) {
    this.intake = intake;
    this.imports = imports;
    this.bulkLane = bulkLane;
    this.transaction = transaction;
    this.settings = settings;
  }

  /**
   * Imports what an earlier attempt has left of a file.
   *
   * @param stopping whether to end after the batch at hand
   * @throws UnreadableFile once all orders before the unreadable place have been placed
   * @throws Stopping if it was asked to stop
   */
  void run(
      Path path, FileFormat format, Progress from, RejectedRows rejected, BooleanSupplier stopping)
      throws IOException {
    ExecutorService placer =
        Executors.newSingleThreadExecutor(work -> new Thread(work, "file-import"));
    Lane lane = settings.lane(from.drop(), format);
    boolean big = settings.isBig(from.drop(), format);
    if (big) {
      bulkLane.begins();
    }
    try (DroppedFile file = new DroppedFile(path, from.drop(), settings.quiet(), stopping)) {
      OrderSource source = OrderSource.of(format.content(), file.content(format));
      Placing placing = new Placing(source, rejected, intake, lane, imports, transaction, from);
      Report report = new Report(from, settings.report());
      Batches batches = new Batches(source, file, from.position(), settings.batch());
      readAndPlace(batches, placing, report, placer, stopping);
    } finally {
      placer.shutdown();
      awaitEnd(placer);
      if (big) {
        bulkLane.ends();
      }
    }
  }

  private static void readAndPlace(
      Batches batches,
      Placing placing,
      Report report,
      ExecutorService placer,
      BooleanSupplier stopping)
      throws IOException {
    Future<?> underWay = CompletableFuture.completedFuture(null);
    try {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        await(underWay);
        if (stopping.getAsBoolean()) {
          throw new Stopping();
        }
        Batch next = batch;
        underWay =
            placer.submit(
                () -> {
                  placing.place(next);
                  report.placed(next, placing.progress());
                });
      }
    } catch (UnreadableFile e) {
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
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Stopping();
    }
  }

  /** The file's claim must not end before its last transaction has. */
  private static void awaitEnd(ExecutorService placer) {
    try {
      placer.awaitTermination(2, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
