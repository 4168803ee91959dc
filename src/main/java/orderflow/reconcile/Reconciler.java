package orderflow.reconcile;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import orderflow.consumer.ConsumerProgress;
import orderflow.order.OrderIds;
import orderflow.outbox.Outbox;
import orderflow.reconcile.IncompleteOrders.Slice;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The net below everything else: orders whose effects have not come although the consumers are past
 * their events. Each look goes on where all orders before were complete, so it costs what is new.
 * One instance looks at a time; the others hold themselves ready.
 */
@Component
class Reconciler {

  private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

  /** Orders looked through in one statement, and most events published again by one look. */
  private static final int SLICE = 2_000;

  /** Slices of one piece of work: between two of them this instance can stop. */
  private static final int SLICES_AT_ONCE = 50;

  private final IncompleteOrders orders;
  private final ReconcileProgress progress;
  private final ConsumerProgress consumers;
  private final Outbox outbox;
  private final ReconcileSettings settings;
  private final Clock clock;

  private @Nullable Due due;
  private @Nullable Walk walk;
  private long publishedUpTo;
  private volatile int incomplete;
  private volatile double lookedAt;

  Reconciler(
      IncompleteOrders orders,
      ReconcileProgress progress,
      ConsumerProgress consumers,
      Outbox outbox,
      ReconcileSettings settings,
      Clock clock,
      MeterRegistry meters) {
    this.orders = orders;
    this.progress = progress;
    this.consumers = consumers;
    this.outbox = outbox;
    this.settings = settings;
    this.clock = clock;
    Gauge.builder("orderflow.orders.incomplete", this, Reconciler::incomplete)
        .description(
            "Orders that the last look found without effects they should have had long ago")
        .register(meters);
    Gauge.builder("orderflow.reconciler.last.look.timestamp", this, looker -> looker.lookedAt)
        .description("When this instance last looked for such orders; 0 if it never did")
        .baseUnit("seconds")
        .register(meters);
  }

  /** Orders that must be complete once the consumers have come to these ends. */
  private record Due(UUID before, ConsumerProgress.Ends ends) {}

  /** A look under way: where it goes on, where it ends, and what it has found. */
  private static final class Walk {

    private UUID next;
    private final UUID before;
    private @Nullable UUID firstIncomplete;
    private int found;

    Walk(UUID from, UUID before) {
      this.next = from;
      this.before = before;
    }
  }

  /** How many orders the last look of this instance found incomplete. */
  int incomplete() {
    return incomplete;
  }

  /**
   * Looks at the orders that were due at the last call, if the consumers have come past their
   * events, and notes which are due next: under a steady load the consumers are never at the very
   * end. The first call only notes what is due, as the broker may be starting too. When the clock
   * is put back, the orders to come are older than those looked at: it begins again there.
   *
   * @return whether the look is to be continued at once
   */
  synchronized boolean look() throws ExecutionException, InterruptedException, TimeoutException {
    Optional<ReconcileProgress.Position> position = progress.take();
    if (position.isEmpty()) {
      due = null;
      walk = null;
      incomplete = 0;
      return false;
    }
    lookedAt = clock.millis() / 1000.0;
    publishedUpTo = Math.max(publishedUpTo, position.get().publishedUpTo());
    if (walk == null && due != null && consumers.hasReached(due.ends())) {
      walk = new Walk(from(position.get().position()), due.before());
    }
    if (walk != null) {
      Walk begun = walk;
      walk = null; // what fails begins again
      if (goOn(begun)) {
        walk = begun;
        return true;
      }
      due = next();
    } else if (due == null) {
      due = next();
    }
    return false;
  }

  /**
   * Orders older than the look-back are not looked at again, however many of them are incomplete.
   */
  private UUID from(@Nullable UUID position) {
    UUID earliest = OrderIds.least(clock.instant().minus(settings.lookBack()).toEpochMilli());
    return position == null || isBefore(position, earliest) ? earliest : position;
  }

  /** Null while events of orders that old are still to be published. */
  private @Nullable Due next() throws ExecutionException, InterruptedException, TimeoutException {
    Instant limit = clock.instant().minus(settings.minAge());
    return orders.areWaitingInOutbox(limit.atOffset(ZoneOffset.UTC), publishedUpTo)
        ? null
        : new Due(OrderIds.least(limit.toEpochMilli()), consumers.ends());
  }

  /** Looks through some slices; returns whether there are more. */
  private boolean goOn(Walk walk) {
    if (isBefore(walk.before, walk.next)) {
      progress.save(walk.before, publishedUpTo);
      incomplete = 0;
      return false;
    }
    for (int i = 0; i < SLICES_AT_ONCE; i++) {
      Slice slice = orders.look(walk.next, walk.before, SLICE);
      for (UUID order : slice.incomplete()) {
        walk.firstIncomplete = walk.firstIncomplete == null ? order : walk.firstIncomplete;
        if (walk.found++ < SLICE) {
          publishedUpTo = Math.max(publishedUpTo, orders.publishAgain(order));
        }
      }
      walk.next = slice.last() == null ? walk.next : next(slice.last());
      if (slice.size() < SLICE) {
        end(walk);
        return false;
      }
    }
    progress.save(walk.firstIncomplete == null ? walk.next : walk.firstIncomplete, publishedUpTo);
    return true;
  }

  private void end(Walk walk) {
    progress.save(walk.firstIncomplete == null ? walk.next : walk.firstIncomplete, publishedUpTo);
    incomplete = walk.found;
    if (walk.found > 0) {
      log.warn(
          "{} orders are missing points, coupon use or mail; their events are published again,"
              + " first order {}",
          walk.found,
          walk.firstIncomplete);
      outbox.wake();
    }
  }

  private static boolean isBefore(UUID one, UUID other) {
    int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
    return high < 0
        || high == 0
            && Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits())
                < 0;
  }

  private static UUID next(UUID id) {
    long low = id.getLeastSignificantBits() + 1;
    return new UUID(id.getMostSignificantBits() + (low == 0 ? 1 : 0), low);
  }
}
