package orderflow.reconcile;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import orderflow.order.OrderIds;
import orderflow.platform.jdbc.SqlFile;
import orderflow.platform.lease.Lease;
import orderflow.platform.lease.Leases;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Counts again what is kept as a sum: of orders that were reversed, and of coupons. A round looks
 * at a bounded number of each and goes on where the one before ended; behind the last it begins
 * anew. One instance at a time looks.
 */
@Component
class Audit {

  private static final Logger log = LoggerFactory.getLogger(Audit.class);

  private static final String LEASE = "audit";
  private static final String ORDERS = SqlFile.read("audit-orders.sql");
  private static final String COUPONS = SqlFile.read("audit-coupons.sql");

  private static final int REVERSALS = 500;
  private static final int SLICES_OF_A_ROUND = 10;
  private static final int COUPONS_OF_A_ROUND = 500;

  /** Of a round's coupons together, and of one; one that has more is not counted. */
  private static final int REDEMPTIONS_OF_A_ROUND = 50_000;

  private static final int MOST_REDEMPTIONS = 100_000;

  private final JdbcTemplate jdbc;
  private final Leases leases;
  private final Map<Rule, Integer> known = new EnumMap<>(Rule.class);
  private final Map<Rule, Integer> found = new EnumMap<>(Rule.class);

  /** What a scrape shows, which does not wait for a look. */
  private volatile Map<Rule, Integer> shown = Map.of();

  private @Nullable Lease lease;
  private @Nullable UUID reversal;
  private @Nullable String coupon;
  private boolean areReversalsDone;
  private boolean areCouponsDone;

  Audit(JdbcTemplate jdbc, Leases leases, MeterRegistry meters) {
    this.jdbc = jdbc;
    this.leases = leases;
    for (Rule rule : Rule.values()) {
      Gauge.builder("orderflow.audit.violations", this, audit -> audit.violations(rule))
          .description("Orders and coupons whose sums are not those of their rows")
          .tag("rule", rule.word())
          .register(meters);
    }
  }

  /** What has to be so. */
  enum Rule {
    /** An order's refund is the sum of its reversals'. */
    REFUNDED,
    /** What is returned of an item is the sum of its returns. */
    RETURNED,
    /** An order's status follows from its reversals. */
    STATUS,
    /** A cancelled order keeps no points. */
    POINTS,
    /** A coupon's uses are its redemptions that were used and not released. */
    COUPON_USED,
    /** A coupon's reservations are its redemptions that are neither used nor released. */
    COUPON_RESERVED;

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Rule of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }

  /**
   * A rule that is broken.
   *
   * @param subject the order's id or the coupon's code
   */
  record Violation(Rule rule, String subject) {}

  /** Looks at what is next. */
  synchronized void look() {
    lookOn();
    Map<Rule, Integer> highest = new EnumMap<>(known);
    found.forEach((rule, count) -> highest.merge(rule, count, Math::max));
    shown = highest;
  }

  private void lookOn() {
    if (lease == null || !lease.isHeld()) {
      lease = leases.take(LEASE);
      beginAnew();
      known.clear();
    }
    if (lease == null) {
      return;
    }
    report(Stream.concat(nextReversals().stream(), nextCoupons().stream()).toList());
    if (areReversalsDone && areCouponsDone) {
      known.clear();
      known.putAll(found);
      beginAnew();
    }
  }

  private void beginAnew() {
    found.clear();
    reversal = null;
    coupon = null;
    areReversalsDone = false;
    areCouponsDone = false;
  }

  /** How many there are, as far as this pass and the one before have seen. */
  int violations(Rule rule) {
    return shown.getOrDefault(rule, 0);
  }

  private List<Violation> nextReversals() {
    record Reversed(UUID id, UUID order) {}
    List<Violation> violations = new ArrayList<>();
    for (int i = 0; i < SLICES_OF_A_ROUND && !areReversalsDone; i++) {
      List<Reversed> slice =
          jdbc.query(
              "select id, order_id from reversal where id > ? order by id limit ?",
              (row, n) ->
                  new Reversed(
                      row.getObject("id", UUID.class), row.getObject("order_id", UUID.class)),
              reversal == null ? OrderIds.least(0) : reversal,
              REVERSALS);
      areReversalsDone = slice.size() < REVERSALS;
      if (!slice.isEmpty()) {
        reversal = slice.get(slice.size() - 1).id();
        violations.addAll(ofOrders(slice.stream().map(Reversed::order).toList()));
      }
    }
    return violations;
  }

  private List<Violation> nextCoupons() {
    if (areCouponsDone) {
      return List.of();
    }
    record Slice(String code, boolean isCounted) {}
    List<Slice> slice =
        jdbc.query(
            """
            select code, redemptions <= ? as is_counted from (
              select code, reserved + used as redemptions, sum(least(reserved + used, ?)) over (
                order by code rows between unbounded preceding and 1 preceding) as before
              from (select code, reserved, used from coupon where code > ? order by code limit ?) as next
            ) as measured
            where coalesce(before, 0) < ? order by code
            """,
            (row, n) -> new Slice(row.getString("code"), row.getBoolean("is_counted")),
            MOST_REDEMPTIONS,
            MOST_REDEMPTIONS,
            coupon == null ? "" : coupon,
            COUPONS_OF_A_ROUND,
            REDEMPTIONS_OF_A_ROUND);
    areCouponsDone = slice.isEmpty();
    if (slice.isEmpty()) {
      return List.of();
    }
    coupon = slice.get(slice.size() - 1).code();
    return ofCoupons(slice.stream().filter(Slice::isCounted).map(Slice::code).toList());
  }

  /** The rules that these orders break. */
  List<Violation> ofOrders(List<UUID> ids) {
    return violations(ORDERS, ids.toArray(UUID[]::new));
  }

  /** The rules that these coupons break. */
  List<Violation> ofCoupons(List<String> codes) {
    return violations(COUPONS, codes.toArray(String[]::new));
  }

  private List<Violation> violations(String query, Object subjects) {
    return jdbc.query(
        query,
        (row, n) -> new Violation(Rule.of(row.getString("rule")), row.getString("subject")),
        subjects);
  }

  private void report(List<Violation> violations) {
    if (violations.isEmpty()) {
      return;
    }
    Map<Rule, List<Violation>> byRule =
        violations.stream()
            .collect(
                Collectors.groupingBy(
                    Violation::rule, () -> new EnumMap<>(Rule.class), Collectors.toList()));
    byRule.forEach((rule, broken) -> found.merge(rule, broken.size(), Integer::sum));
    log.error(
        "Sums that are not those of their rows: {}",
        byRule.entrySet().stream()
            .map(
                rule ->
                    "%s of %d, first %s"
                        .formatted(
                            rule.getKey().word(),
                            rule.getValue().size(),
                            rule.getValue().get(0).subject()))
            .collect(Collectors.joining("; ")));
  }
}
