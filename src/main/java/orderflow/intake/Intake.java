package orderflow.intake;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import orderflow.coupon.CouponAllocation;
import orderflow.coupon.CouponAllocation.Decision;
import orderflow.coupon.CouponAllocation.Decision.Granted;
import orderflow.coupon.CouponAllocation.Decision.Refused;
import orderflow.coupon.CouponAllocation.Wish;
import orderflow.coupon.Coupons;
import orderflow.order.Money;
import orderflow.order.NewOrder;
import orderflow.order.OrderIds;
import orderflow.order.OrderSummary;
import orderflow.order.PlacedOrder;
import orderflow.outbox.Outbox;
import orderflow.outbox.Priority;
import orderflow.platform.trace.Traces;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes orders: each with its coupon's reservation and its event, a whole batch in one transaction.
 */
@Component
public class Intake {

  private final OrderWriter orders;
  private final Coupons coupons;
  private final Outbox outbox;
  private final TransactionTemplate transaction;
  private final PlacementCounts counts;
  private final Traces traces;
  private final Clock clock;
  private final Function<Instant, UUID> ids;

  @Autowired
  Intake(
      OrderWriter orders,
      Coupons coupons,
      Outbox outbox,
      PlatformTransactionManager transactions,
      PlacementCounts counts,
      Traces traces,
      Clock clock) {
    this(orders, coupons, outbox, transactions, counts, traces, clock, OrderIds::at);
  }

  /**
   * @param ids new ids of a moment
   */
  Intake(
      OrderWriter orders,
      Coupons coupons,
      Outbox outbox,
      PlatformTransactionManager transactions,
      PlacementCounts counts,
      Traces traces,
      Clock clock,
      Function<Instant, UUID> ids) {
    this.orders = orders;
    this.coupons = coupons;
    this.outbox = outbox;
    this.transaction = new TransactionTemplate(transactions);
    this.counts = counts;
    this.traces = traces;
    this.clock = clock;
    this.ids = ids;
  }

  /**
   * Places orders and tells what became of each, in their order. Within a transaction of the
   * caller's it becomes part of that one.
   *
   * @param door where they came in
   * @param lane in which their events leave
   * @param again whether others were in the way before: the coupons are not left to them then
   * @throws org.springframework.dao.ConcurrencyFailureException if another transaction took one of
   *     their references or coupons meanwhile; nothing is placed, and the same call again finds it
   * @throws org.springframework.dao.DataAccessException if the database is away or refuses the
   *     batch
   */
  public List<PlacementResult> place(
      Door door, List<NewOrder> asked, Priority lane, boolean again) {
    ImportedTraces begun = door == Door.FILE && traces.areOn() ? new ImportedTraces(traces) : null;
    List<NewOrder> batch = begun == null ? asked : begun.begin(asked);
    PlacementResult[] placements = new PlacementResult[batch.size()];
    if (again || !isEligibleForOneStatement(batch)) {
      placeInTransaction(batch, placements, lane, again);
    } else if (!placeByOneStatement(batch, placements, lane)) {
      placeInTransaction(batch, placements, lane, true);
    }
    outbox.wakeAfterCommit();
    List<PlacementResult> decided = Arrays.asList(placements);
    counts.count(door, decided);
    if (begun != null) {
      begun.endAfterCommit(decided);
    }
    return decided;
  }

  /** Orders without coupons, of which none names the reference of another of the batch. */
  private boolean isEligibleForOneStatement(List<NewOrder> batch) {
    Set<String> references = new HashSet<>();
    return orders.canInsertAlone(batch.size())
        && batch.stream()
            .allMatch(
                order ->
                    order.couponCode() == null
                        && (order.reference() == null || references.add(order.reference())));
  }

  /**
   * Places orders by a statement that is a transaction of its own: two or three exchanges with the
   * server fewer.
   *
   * @return false if a reference is an earlier order's, and nothing was placed
   */
  private boolean placeByOneStatement(
      List<NewOrder> batch, PlacementResult[] placements, Priority lane) {
    Instant now = now();
    List<PlacedOrder> placed = new ArrayList<>(batch.size());
    // Before the commit: what fails here is not placed.
    for (int i = 0; i < placements.length; i++) {
      NewOrder order = batch.get(i);
      PlacedOrder accepted =
          PlacedOrder.of(ids.apply(now), order, Money.zero(order.currency()), now);
      placed.add(accepted);
      placements[i] = new PlacementResult.Placed(OrderSummary.of(accepted.event()));
    }
    return orders.insert(placed, Map.of(), lane);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private void placeInTransaction(
      List<NewOrder> batch, PlacementResult[] placements, Priority lane, boolean again) {
    transaction.executeWithoutResult(
        status -> {
          List<Integer> waiting = new ArrayList<>();
          for (int i = 0; i < placements.length; i++) {
            waiting.add(i);
          }
          while (!waiting.isEmpty()) {
            waiting = placeRound(batch, waiting, placements, lane, again);
          }
          if (Stream.of(placements).noneMatch(PlacementResult.Placed.class::isInstance)) {
            orders.awaitStandby();
          }
        });
  }

  /**
   * Places those that have no twin of the same reference ahead of them, and returns the others. A
   * round of few first assumes that all are new; if the statement or a coupon says otherwise, it
   * looks for earlier orders of the same references.
   */
  private List<Integer> placeRound(
      List<NewOrder> batch,
      List<Integer> waiting,
      PlacementResult[] placements,
      Priority lane,
      boolean again) {
    List<Integer> round = new ArrayList<>();
    List<Integer> later = new ArrayList<>();
    Set<String> references = new HashSet<>();
    for (int i : waiting) {
      String reference = batch.get(i).reference();
      (reference == null || references.add(reference) ? round : later).add(i);
    }

    // The coupons come first: who waits for one then sees the orders of those who had it before.
    Map<Integer, Wish> wishes = wishes(batch, round);
    boolean shared = round.size() >= OrderWriter.MANY && !again;
    CouponAllocation desk =
        shared
            ? CouponAllocation.openShared(coupons, wishes.values())
            : CouponAllocation.open(coupons, wishes.values());
    boolean assumesNew = !again && round.size() < OrderWriter.MANY;
    Map<String, OrderWriter.Referenced> known =
        assumesNew ? Map.of() : orders.referenced(references);
    Instant now = now();
    List<PlacedOrder> placed = new ArrayList<>(round.size());
    for (int i : round) {
      NewOrder order = batch.get(i);
      OrderWriter.Referenced twin = order.reference() == null ? null : known.get(order.reference());
      if (twin != null) {
        placements[i] =
            twin.isSame(order)
                ? new PlacementResult.Replayed(twin.order())
                : new PlacementResult.ReferenceReused(String.valueOf(order.reference()));
        continue;
      }
      Wish wish = wishes.get(i);
      Decision decision =
          wish == null ? new Granted(Money.zero(order.currency())) : desk.ask(wish, now);
      if (decision instanceof Granted coupon) {
        PlacedOrder accepted = PlacedOrder.of(ids.apply(now), order, coupon.discount(), now);
        placements[i] = new PlacementResult.Placed(OrderSummary.of(accepted.event()));
        placed.add(accepted);
      } else if (assumesNew) {
        return placeRound(batch, waiting, placements, lane, true);
      } else if (decision instanceof Refused coupon) {
        placements[i] =
            new PlacementResult.CouponNotRedeemable(
                String.valueOf(order.couponCode()), coupon.reason());
      } else {
        placements[i] = new PlacementResult.OverSubtotal();
      }
    }
    if (!orders.insert(placed, desk.given(), lane)) {
      if (assumesNew) {
        return placeRound(batch, waiting, placements, lane, true);
      }
      throw new ConcurrencyFailureException("a reference was taken meanwhile");
    }
    if (shared) {
      desk.recheck(coupons);
    }
    return later;
  }

  /** The coupons that orders wish for, by the orders' places. */
  private static Map<Integer, Wish> wishes(List<NewOrder> batch, List<Integer> round) {
    Map<Integer, Wish> wishes = new HashMap<>();
    for (int i : round) {
      NewOrder order = batch.get(i);
      String code = order.couponCode();
      if (code != null) {
        wishes.put(
            i,
            new Wish(
                code,
                order.customer().id(),
                order.currency(),
                order.subtotal(),
                order.reducible()));
      }
    }
    return wishes;
  }
}
