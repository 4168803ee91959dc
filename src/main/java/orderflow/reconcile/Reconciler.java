package orderflow.reconcile;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import orderflow.order.OrderIds;
import orderflow.outbox.Outbox;
import orderflow.reconcile.IncompleteOrders.Slice;
import orderflow.topics.ConsumerProgress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The net below everything else: orders whose effects have not come although the consumers are past
 * their events. Each look goes on where all orders before were complete, so it costs what is new.
 */
@Component
class Reconciler {

  private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

  /** Orders looked through in one statement, and most events published again by one look. */
  private static final int SLICE = 2_000;

  private final IncompleteOrders orders;
  private final ConsumerProgress progress;
  private final Outbox outbox;
  private final ReconcileSettings settings;
  private final Clock clock;

  private @Nullable UUID from;
  private @Nullable Due due;
  private volatile int incomplete;

  Reconciler(
      IncompleteOrders orders,
      ConsumerProgress progress,
      Outbox outbox,
      ReconcileSettings settings,
      Clock clock,
      MeterRegistry meters) {
    this.orders = orders;
    this.progress = progress;
    this.outbox = outbox;
    this.settings = settings;
    this.clock = clock;
    Gauge.builder("orderflow.orders.incomplete", this, Reconciler::incomplete)
        .description(
            "Orders that the last look found without effects they should have had long ago")
        .register(meters);
  }

  /** Orders that must be complete once the consumers have come to these ends. */
  private record Due(UUID before, ConsumerProgress.Ends ends) {}

  /** How many orders the last look found incomplete. */
  int incomplete() {
    return incomplete;
  }

  /**
   * Looks at the orders that were due at the last call, if the consumers have come past their
   * events, and notes which are due next: under a steady load the consumers are never at the very
   * end. The first call only notes where to begin, as the broker may be starting too. When the
   * clock is put back, the orders to come are older than those looked at: it begins again there.
   */
  synchronized void look() throws ExecutionException, InterruptedException, TimeoutException {
    if (from == null) {
      from = OrderIds.least(clock.instant().minus(settings.lookBack()).toEpochMilli());
      return;
    }
    if (due == null || progress.hasReached(due.ends())) {
      if (due != null) {
        from = look(from, due.before());
      }
      due = next();
      from = due != null && due.before().compareTo(from) < 0 ? due.before() : from;
    }
  }

  /** Null while events of orders that old are still to be published. */
  private @Nullable Due next() throws ExecutionException, InterruptedException, TimeoutException {
    Instant limit = clock.instant().minus(settings.limit());
    return orders.areWaitingInOutbox(limit.atOffset(ZoneOffset.UTC))
        ? null
        : new Due(OrderIds.least(limit.toEpochMilli()), progress.ends());
  }

  /** Looks through a range and returns where the next look must begin. */
  private UUID look(UUID start, UUID before) {
    UUID firstIncomplete = null;
    int found = 0;
    Slice slice;
    do {
      slice = orders.look(start, before, SLICE);
      for (UUID order : slice.incomplete()) {
        firstIncomplete = firstIncomplete == null ? order : firstIncomplete;
        if (found++ < SLICE) {
          orders.publishAgain(order);
        }
      }
      start = slice.last() == null ? start : next(slice.last());
    } while (slice.size() == SLICE);
    incomplete = found;
    if (found > 0) {
      log.warn(
          "{} orders lack effects they should have; their events are published again, from order {} on",
          found,
          firstIncomplete);
      outbox.wake();
    }
    return firstIncomplete == null ? start : firstIncomplete;
  }

  private static UUID next(UUID id) {
    long low = id.getLeastSignificantBits() + 1;
    return new UUID(id.getMostSignificantBits() + (low == 0 ? 1 : 0), low);
  }
}
