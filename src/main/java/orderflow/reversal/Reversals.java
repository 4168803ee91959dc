package orderflow.reversal;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import orderflow.audit.Action;
import orderflow.audit.OperatorActions;
import orderflow.coupon.CouponRelease;
import orderflow.mail.MailStop;
import orderflow.order.OrderIds;
import orderflow.outbox.Outbox;
import orderflow.platform.jdbc.Updates;
import orderflow.platform.json.ValidationException;
import orderflow.platform.security.Actor;
import orderflow.point.PointReversals;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes orders back. One transaction settles the order, its points, coupon and mail, and the events
 * about it; a preview is the same transaction, rolled back.
 *
 * <p>All reversals of an order wait for its row. Effects that are still on their way find their
 * places taken: the unique keys that keep an effect from being made twice keep one from being made
 * after the reversal. Rows are locked in the order of the consumers: coupon, redemption, point
 * entry, balance, mail.
 */
@Service
public class Reversals {

  private final ReversalRows rows;
  private final ReversalEvents events;
  private final CouponRelease coupons;
  private final PointReversals points;
  private final MailStop mails;
  private final SupportLimits limits;
  private final OperatorActions actions;
  private final Outbox outbox;
  private final Updates updates;
  private final TransactionTemplate transaction;
  private final MeterRegistry meters;
  private final Clock clock;

  Reversals(
      ReversalRows rows,
      ReversalEvents events,
      CouponRelease coupons,
      PointReversals points,
      MailStop mails,
      SupportLimits limits,
      OperatorActions actions,
      Outbox outbox,
      Updates updates,
      PlatformTransactionManager transactions,
      MeterRegistry meters,
      Clock clock) {
    this.rows = rows;
    this.events = events;
    this.coupons = coupons;
    this.points = points;
    this.mails = mails;
    this.limits = limits;
    this.actions = actions;
    this.outbox = outbox;
    this.updates = updates;
    this.transaction = new TransactionTemplate(transactions);
    this.meters = meters;
    this.clock = clock;
    for (ReversalKind kind : ReversalKind.values()) {
      List.of("done", "replayed", "refused").forEach(outcome -> counter(kind, outcome));
    }
  }

  /**
   * Who asks for a reversal, and under which name.
   *
   * @param reference the reversal's identity among those of its order
   * @param versions of which the order must have one; null for any
   * @param isLimited whether {@link SupportLimits} hold
   */
  public record Command(
      String reference, @Nullable Set<Integer> versions, Actor actor, boolean isLimited) {}

  /**
   * Reverses an order.
   *
   * @throws orderflow.platform.json.ValidationException if the request does not fit the order
   */
  public ReversalResult reverse(UUID orderId, ReversalRequest request, Command command) {
    ReversalResult result =
        Objects.requireNonNull(
            transaction.execute(
                status -> {
                  OrderToReverse order = rows.lock(orderId);
                  return order == null
                      ? new ReversalResult.Unknown()
                      : recorded(orderId, request, command, result(order, request, command, null));
                }));
    count(request.kind(), result);
    if (isNew(result)) {
      outbox.wake();
      mails.wake();
    }
    return result;
  }

  /** One of several reversals that are asked for together. */
  public record Wish(UUID orderId, ReversalRequest request, Command command) {}

  /**
   * Reverses orders in one transaction, the caller's if there is one. What is refused leaves the
   * others alone: it is decided before anything is written for it. Who asks is on record with each
   * reversal, and nowhere else.
   *
   * <p>Orders are locked first, by their ids, then the coupons of which uses are given back, by
   * their codes; what else a reversal writes is written one after the other.
   *
   * @return what became of each
   */
  public List<ReversalResult> reverseAll(List<Wish> wishes) {
    List<ReversalResult> results =
        Objects.requireNonNull(
            transaction.execute(
                status -> {
                  outbox.wakeAfterCommit();
                  mails.wakeAfterCommit();
                  return updates.together(() -> inTransaction(wishes));
                }));
    for (int i = 0; i < results.size(); i++) {
      count(wishes.get(i).request.kind(), results.get(i));
    }
    return results;
  }

  private List<ReversalResult> inTransaction(List<Wish> wishes) {
    Map<UUID, OrderToReverse> orders =
        rows.lockAll(wishes.stream().map(Wish::orderId).distinct().toList());
    coupons.lock(
        wishes.stream()
            .map(wish -> couponOf(wish, orders.get(wish.orderId)))
            .filter(Objects::nonNull)
            .collect(Collectors.toSet()));
    Map<UUID, PointReversals.Booked> booked = points.booked(orders.keySet());
    List<ReversalResult> results = new ArrayList<>();
    Set<UUID> changed = new HashSet<>();
    for (Wish wish : wishes) {
      OrderToReverse order =
          changed.contains(wish.orderId) ? again(wish.orderId) : orders.get(wish.orderId);
      ReversalResult result = result(wish, order, booked.get(wish.orderId));
      if (isNew(result)) {
        changed.add(wish.orderId);
      }
      results.add(result);
    }
    return results;
  }

  private @Nullable OrderToReverse again(UUID orderId) {
    updates.flush();
    return rows.lock(orderId);
  }

  private ReversalResult result(
      Wish wish, @Nullable OrderToReverse order, PointReversals.@Nullable Booked booked) {
    try {
      return order == null
          ? new ReversalResult.Unknown()
          : result(order, wish.request, wish.command, booked);
    } catch (ValidationException e) {
      return new ReversalResult.Invalid(e.faults());
    }
  }

  private ReversalResult result(
      OrderToReverse order,
      ReversalRequest request,
      Command command,
      PointReversals.@Nullable Booked booked) {
    ReversalResult known = known(order, request, command.reference);
    return known == null ? reverse(order, request, command, booked) : known;
  }

  private static boolean isNew(ReversalResult result) {
    return result instanceof ReversalResult.Done done && !done.replayed();
  }

  /** The coupon of which a wish gives back a use, as the order stands; null if of none. */
  private static @Nullable String couponOf(Wish wish, @Nullable OrderToReverse order) {
    String code = order == null ? null : order.order().couponCode();
    if (order == null || code == null) {
      return null;
    }
    try {
      return RefundDecision.of(order, wish.request, null).takesAll() ? code : null;
    } catch (ValidationException e) {
      return null;
    }
  }

  private @Nullable ReversalResult known(
      OrderToReverse order, ReversalRequest request, String reference) {
    ReversalRows.Known known =
        order.version() == 1 ? null : rows.find(order.order().orderId(), reference);
    if (known == null) {
      return null;
    }
    return known.isOf(request)
        ? new ReversalResult.Done(known.id(), known.plan(), true)
        : new ReversalResult.ReferenceTaken();
  }

  private void count(ReversalKind kind, ReversalResult result) {
    String outcome =
        result instanceof ReversalResult.Done done
            ? (done.replayed() ? "replayed" : "done")
            : "refused";
    counter(kind, outcome).increment();
  }

  private Counter counter(ReversalKind kind, String outcome) {
    return Counter.builder("orderflow.reversals")
        .description("Requests to take orders back, by what became of them")
        .tag("kind", kind.name().toLowerCase(Locale.ROOT))
        .tag("outcome", outcome)
        .register(meters);
  }

  /**
   * Says what a reversal would do, by doing it and rolling it back.
   *
   * @throws orderflow.platform.json.ValidationException if the request does not fit the order
   */
  public Preview preview(UUID orderId, ReversalRequest request, Actor actor) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              status.setRollbackOnly();
              OrderToReverse order = rows.lock(orderId);
              if (order == null) {
                return new Preview(new ReversalResult.Unknown(), null);
              }
              ReversalResult result =
                  reverse(order, request, new Command("preview", null, actor, false), null);
              return new Preview(
                  result instanceof ReversalResult.Done done
                      ? ReversalJson.asPreview(done)
                      : result,
                  order.version());
            }));
  }

  /**
   * What a reversal would do.
   *
   * @param version the order's; null if there is none
   */
  public record Preview(ReversalResult result, @Nullable Integer version) {}

  /**
   * @param booked the order's points; null where they are not known to be booked
   */
  private ReversalResult reverse(
      OrderToReverse order,
      ReversalRequest request,
      Command command,
      PointReversals.@Nullable Booked booked) {
    if (command.versions != null && !command.versions.contains(order.version())) {
      return new ReversalResult.OtherVersion(order.version());
    }
    String code = order.order().couponCode();
    BigDecimal minimum =
        code == null || request.kind() != ReversalKind.RETURN ? null : coupons.minimumOf(code);
    RefundDecision decision = RefundDecision.of(order, request, minimum);
    if (decision.refusal() != null) {
      return decision.refusal();
    }
    BigDecimal limit = limits.of(order.order().currency());
    if (command.isLimited && order.refunded().add(decision.refund()).compareTo(limit) > 0) {
      return new ReversalResult.OverLimit(limit);
    }
    return settle(order, request, decision, command, booked);
  }

  private ReversalResult settle(
      OrderToReverse order,
      ReversalRequest request,
      RefundDecision decision,
      Command command,
      PointReversals.@Nullable Booked known) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    UUID id = OrderIds.at(now);
    UUID orderId = order.order().orderId();
    String customer = order.order().customer().id();

    CouponRelease.Released coupon = releaseCoupon(order, request, decision, id, now);

    PointReversals.Booked booked = new PointReversals.Booked(0, null, false);
    PointReversals.Change change = null;
    long keeps = 0;
    if (decision.takesPoints()) {
      booked = known == null ? points.claim(orderId, customer, decision.paidForKept(), now) : known;
      keeps = booked.keeps(order.order().paidForGoods(), decision.paidForKept());
      long reversed = Math.max(0, booked.points() - order.pointsReversed() - keeps);
      if (reversed > 0) {
        boolean forgive = request.shortfall() == ReversalRequest.Shortfall.FORGIVE;
        change = points.takeBack(id, orderId, customer, reversed, forgive, now);
      }
    }

    ReversalMail mail = ReversalMail.of(order, request, decision, mails, now);

    ReversalPlan plan =
        decision.plan(order, request, coupon, booked, keeps, change, mail.plan(), id, now);
    JsonNode json = ReversalJson.of(plan);
    rows.write(order, request, decision, plan, json, command, now);
    events.write(order, plan, booked, change, now);
    mail.queue(mails, order, plan, now);
    return new ReversalResult.Done(id, json, false);
  }

  private ReversalResult recorded(
      UUID orderId, ReversalRequest request, Command command, ReversalResult result) {
    if (result instanceof ReversalResult.Done done && !done.replayed()) {
      actions.record(
          command.actor,
          action(request.kind()),
          orderId,
          Map.of(
              "reversalId", done.id().toString(),
              "refund", done.plan().at("/refund/amount").textValue()));
    }
    return result;
  }

  private CouponRelease.Released releaseCoupon(
      OrderToReverse order,
      ReversalRequest request,
      RefundDecision decision,
      UUID id,
      Instant now) {
    String code = order.order().couponCode();
    if (code == null) {
      return new CouponRelease.Released(CouponRelease.Outcome.NONE, null);
    }
    if (!decision.takesAll() || request.couponPolicy() == ReversalRequest.CouponPolicy.KEEP_USED) {
      return new CouponRelease.Released(CouponRelease.Outcome.STAYS_USED, null);
    }
    return coupons.release(
        order.order().orderId(),
        code,
        request.couponPolicy() == ReversalRequest.CouponPolicy.RELEASE_AND_REISSUE,
        id,
        order.order().completedAt(),
        now);
  }

  private static Action action(ReversalKind kind) {
    return switch (kind) {
      case CANCEL -> Action.CANCEL_ORDER;
      case RETURN -> Action.RETURN_ITEMS;
      case GOODWILL -> Action.GIVE_GOODWILL;
    };
  }
}
