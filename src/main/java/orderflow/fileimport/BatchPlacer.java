package orderflow.fileimport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import orderflow.platform.lease.Lease;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes a file's batches. In one transaction with a batch goes how far the import has come, and
 * what is given back; that is written to its file afterwards, so that no coupon is locked while a
 * disk is waited for.
 */
final class BatchPlacer<T> {

  private static final int ATTEMPTS = 10;

  /** How often one order is tried that the memory does not suffice for. */
  private static final int ATTEMPTS_WITHOUT_MEMORY = 3;

  private static final long PAUSE_MILLIS = 200;

  private final EntrySource source;
  private final RejectedRows rejected;
  private final Importer<T> importer;
  private final Imports imports;
  private final TransactionTemplate transaction;
  private final Lease lease;
  private Progress progress;

  BatchPlacer(
      EntrySource source,
      RejectedRows rejected,
      Importer<T> importer,
      Imports imports,
      TransactionTemplate transaction,
      Lease lease,
      Progress progress) {
    this.source = source;
    this.rejected = rejected;
    this.importer = importer;
    this.imports = imports;
    this.transaction = transaction;
    this.lease = lease;
    this.progress = progress;
  }

  Progress progress() {
    return progress;
  }

  /**
   * Places a batch. An order that the database refuses, or for which there is not enough memory, is
   * searched for by halving and given back.
   */
  void place(Batch<T> batch) {
    try {
      persist(batch);
    } catch (ConcurrencyFailureException e) {
      throw e;
    } catch (DataIntegrityViolationException e) {
      if (batch.entries().size() == 1) {
        persist(batch.with(List.of(refused(batch, "the database refuses a value of it"))));
      } else {
        batch.halves().forEach(this::place);
      }
    } catch (OutOfMemoryError | StackOverflowError e) {
      if (batch.entries().size() == 1) {
        placeWithoutMemory(batch);
      } else {
        batch.halves().forEach(this::place);
      }
    }
  }

  /** Others may have used the memory at that moment. */
  private void placeWithoutMemory(Batch<T> one) {
    for (int attempt = 2; attempt <= ATTEMPTS_WITHOUT_MEMORY; attempt++) {
      try {
        Thread.sleep(PAUSE_MILLIS * attempt);
        persist(one);
        return;
      } catch (OutOfMemoryError | StackOverflowError e) {
        // tried again, or given back
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ImportInterrupted();
      }
    }
    persist(one.with(List.of(refused(one, "there is not enough memory for it"))));
  }

  private Batch.Entry<T> refused(Batch<T> one, String why) {
    return one.entries().get(0).refused(why);
  }

  /**
   * An order whose reference or coupon is taken at the same moment by another request is found at
   * the next attempt.
   */
  private void persist(Batch<T> batch) {
    for (int attempt = 1; ; attempt++) {
      try {
        boolean again = attempt > 1;
        progress = transaction.execute(status -> inTransaction(batch, again));
        break;
      } catch (ConcurrencyFailureException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
    giveBack();
  }

  private void giveBack() {
    if (progress.unwritten() == null) {
      return;
    }
    if (!lease.isHeld()) {
      throw new ImportTakenOver(progress.drop().name());
    }
    try {
      rejected.write(progress);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Progress inTransaction(Batch<T> batch, boolean again) {
    lease.confirm();
    imports.lock(progress);
    List<Importer.Outcome> outcomes = importer.take(batch.contents(), again);
    ByteArrayOutputStream givenBack = new ByteArrayOutputStream();
    if (progress.rejectedBytes() == 0) {
      givenBack.writeBytes(source.rejectedHeader());
    }
    int header = givenBack.size();
    Tally tally = settle(batch, outcomes.iterator(), givenBack);
    if (givenBack.size() == header) {
      givenBack.reset();
    }
    Progress next = progress.plus(batch, givenBack.toByteArray(), tally);
    imports.advance(progress, next);
    return next;
  }

  private Tally settle(
      Batch<T> batch, Iterator<Importer.Outcome> outcomes, ByteArrayOutputStream givenBack) {
    int accepted = 0;
    int duplicates = 0;
    int refused = 0;
    int skipped = 0;
    for (Batch.Entry<T> entry : batch.entries()) {
      Importer.Outcome outcome = entry.content() == null ? null : outcomes.next();
      Rejection rejection = outcome == null ? entry.rejection() : rejection(entry, outcome);
      if (rejection != null) {
        for (int i = 0; i < entry.rows().size(); i++) {
          givenBack.writeBytes(source.rejected(entry.rows().get(i), rejection.ofRow(i)));
        }
        refused += entry.continued() ? 0 : 1;
      } else if (outcome == null) {
        skipped++;
      } else if (outcome.kind() == Importer.Outcome.Kind.ACCEPTED) {
        accepted++;
      } else {
        duplicates++;
      }
    }
    return new Tally(accepted, duplicates, refused, skipped);
  }

  private @Nullable Rejection rejection(Batch.Entry<T> entry, Importer.Outcome outcome) {
    if (outcome.kind() != Importer.Outcome.Kind.REJECTED) {
      return null;
    }
    List<RowFault> faults =
        outcome.faults().stream()
            .map(fault -> Rejection.place(fault, entry.rows().size()))
            .toList();
    return faults.size() == 1 && faults.get(0).row() == RowFault.ORDER
        ? Rejection.of(faults.get(0).fault().toString())
        : Rejection.of(entry.rows(), faults, importer.subject());
  }
}
