package orderflow.importing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import orderflow.intake.Intake;
import orderflow.intake.Placement;
import orderflow.outbox.Lane;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.support.TransactionTemplate;

/** Places a file's batches; with each, in one transaction, goes how far the import has come. */
final class Placing {

  private static final int ATTEMPTS = 10;

  private final OrderSource source;
  private final RejectedRows rejected;
  private final Intake intake;
  private final Lane lane;
  private final Imports imports;
  private final TransactionTemplate transaction;
  private Progress progress;

  Placing(
      OrderSource source,
      RejectedRows rejected,
      Intake intake,
      Lane lane,
      Imports imports,
      TransactionTemplate transaction,
      Progress progress) {
    this.source = source;
    this.rejected = rejected;
    this.intake = intake;
    this.lane = lane;
    this.imports = imports;
    this.transaction = transaction;
    this.progress = progress;
  }

  Progress progress() {
    return progress;
  }

  /** Places a batch; what the database itself refuses is searched for by halving and given back. */
  void place(Batch batch) {
    try {
      persist(batch);
    } catch (ConcurrencyFailureException e) {
      throw e;
    } catch (DataIntegrityViolationException e) {
      if (batch.entries().size() == 1) {
        persist(batch.with(List.of(refusedByDatabase(batch.entries().get(0)))));
      } else {
        batch.halves().forEach(this::place);
      }
    }
  }

  private static Batch.Entry refusedByDatabase(Batch.Entry entry) {
    return Batch.Entry.refused(entry.candidate(), "the database refuses a value of it");
  }

  /**
   * An order whose reference or coupon is taken at the same moment by another request is found at
   * the next attempt.
   */
  private void persist(Batch batch) {
    for (int attempt = 1; ; attempt++) {
      try {
        boolean again = attempt > 1;
        progress = transaction.execute(status -> inTransaction(batch, again));
        return;
      } catch (ConcurrencyFailureException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private Progress inTransaction(Batch batch, boolean again) {
    List<Placement> placements = intake.place(batch.orders(), lane, again);
    try {
      ByteArrayOutputStream givenBack = new ByteArrayOutputStream();
      if (progress.rejectedBytes() == 0) {
        givenBack.writeBytes(source.rejectedHeader());
      }
      int header = givenBack.size();
      Tally tally = settle(batch, placements.iterator(), givenBack);
      if (givenBack.size() == header) {
        givenBack.reset();
      }
      rejected.write(progress.rejectedBytes(), givenBack.toByteArray());
      Progress next =
          progress.plus(batch.drop(), batch.end(), batch.bytesRead(), givenBack.size(), tally);
      imports.advance(progress, next);
      return next;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Tally settle(
      Batch batch, Iterator<Placement> placements, ByteArrayOutputStream givenBack) {
    int accepted = 0;
    int duplicates = 0;
    int refused = 0;
    for (Batch.Entry entry : batch.entries()) {
      Placement placement = entry.order() == null ? null : placements.next();
      String refusal = placement == null ? entry.refusal() : refusal(placement);
      if (refusal != null) {
        for (Row row : entry.candidate().rows()) {
          givenBack.writeBytes(source.rejected(row, refusal));
        }
        refused += entry.candidate().continued() ? 0 : 1;
      } else if (placement instanceof Placement.Placed) {
        accepted++;
      } else {
        duplicates++;
      }
    }
    return new Tally(accepted, duplicates, refused);
  }

  private static @Nullable String refusal(Placement placement) {
    if (placement instanceof Placement.CouponNotRedeemable refused) {
      return "/couponCode can't be used for this order: " + refused.reason();
    }
    return placement instanceof Placement.ReferenceReused
        ? "/orderRef is there already with other content"
        : null;
  }
}
