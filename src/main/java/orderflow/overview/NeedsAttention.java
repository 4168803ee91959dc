package orderflow.overview;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import orderflow.deadletter.DeadLetterSummary;
import orderflow.mail.MailHindrance;
import orderflow.mail.MailServerHealth;
import orderflow.metrics.Backlog;
import orderflow.order.OrderIds;
import orderflow.outbox.Outbox;
import orderflow.outbox.StuckTopic;
import orderflow.platform.jdbc.BoundedCounts;
import orderflow.platform.jdbc.DatabaseHealth;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What a person should look at now. Whatever there is, it costs about the same: counts are exact up
 * to {@link BoundedCounts#EXACT} and estimates above.
 */
@Component
public class NeedsAttention {

  private static final String HEALTH = "/actuator/health";

  private final JdbcClient jdbc;
  private final DeadLetterSummary deadLetters;
  private final Backlog backlog;
  private final Outbox outbox;
  private final MailServerHealth mailServer;
  private final DatabaseHealth database;
  private final HealthIndicator orders;
  private final HealthIndicator ownConsumers;
  private final Map<Kind, Instant> firstSeen = new ConcurrentHashMap<>();
  private final AttentionSettings settings;
  private final Clock clock;

  NeedsAttention(
      JdbcClient jdbc,
      DeadLetterSummary deadLetters,
      Backlog backlog,
      Outbox outbox,
      MailServerHealth mailServer,
      DatabaseHealth database,
      @Qualifier("ordersHealthIndicator") HealthIndicator orders,
      @Qualifier("ownConsumers") HealthIndicator ownConsumers,
      AttentionSettings settings,
      Clock clock) {
    this.jdbc = jdbc;
    this.deadLetters = deadLetters;
    this.backlog = backlog;
    this.outbox = outbox;
    this.mailServer = mailServer;
    this.database = database;
    this.orders = orders;
    this.ownConsumers = ownConsumers;
    this.settings = settings;
    this.clock = clock;
  }

  /** What can need attention. The names are part of the interface and never change. */
  public enum Kind {
    DATABASE_READ_ONLY,
    /** Kafka takes no records of a topic. */
    OUTBOX_STUCK,
    /** Events wait for Kafka for too long, as far as this instance can tell without a cause. */
    OUTBOX_OVERDUE,
    MAIL_SERVER_REFUSES,
    MAIL_SERVER_AWAY,
    MAILS_OVERDUE,
    /** Orders lack effects, and their events were published again. */
    ORDERS_INCOMPLETE,
    /** A file of a shop's own consumers can't be used. */
    CONSUMERS_BROKEN,
    DEAD_LETTERS,
    REFUNDS_FAILED,
    REFUNDS_OVERDUE,
    IMPORTS_FAILED,
    IMPORTS_REJECTED
  }

  /**
   * @param count how many things of the kind there are
   * @param since when it began, or the oldest of them is of
   * @param text one sentence for people
   * @param link where more stands
   */
  public record Item(Kind kind, long count, Instant since, String text, String link) {}

  /** The most urgent first; none if all is well. */
  public List<Item> items() {
    Instant now = clock.instant();
    List<Item> items = new ArrayList<>();
    database
        .readOnlySince()
        .ifPresent(
            since ->
                items.add(
                    new Item(
                        Kind.DATABASE_READ_ONLY,
                        1,
                        since,
                        "The database is read-only; orders are answered 503 until it takes writes.",
                        HEALTH + "/readiness")));
    Backlog.Waiting waiting = backlog.now();
    addOutbox(items, waiting, now);
    addMails(items, waiting, now);
    addWhileSeen(
        items,
        Kind.ORDERS_INCOMPLETE,
        orders.health().getDetails().get("incomplete"),
        "%s found to lack points, coupon use or mail; their events were published again.",
        "order was",
        "orders were",
        now);
    addWhileSeen(
        items,
        Kind.CONSUMERS_BROKEN,
        ownConsumers.health().getDetails().get("broken"),
        "%s can't be used; the log of the start says why.",
        "file of an own consumer",
        "files of own consumers",
        now);
    addDeadLetters(items);
    addRefunds(items, now);
    addImports(items, now);
    return items;
  }

  private void addOutbox(List<Item> items, Backlog.Waiting waiting, Instant now) {
    List<StuckTopic> stuck = outbox.stuck();
    for (StuckTopic topic : stuck) {
      long count =
          jdbc.sql(
                  "select count(*) from (select from outbox where topic = ? limit 10001) as"
                      + " counted")
              .param(topic.topic())
              .query(Long.class)
              .single();
      long shown = BoundedCounts.isExact(count) ? count : Math.max(count, (long) waiting.outbox());
      items.add(
          new Item(
              Kind.OUTBOX_STUCK,
              shown,
              topic.since(),
              "Kafka takes no records of %s, and %s wait: %s."
                  .formatted(topic.topic(), number(shown), topic.cause()),
              HEALTH));
    }
    if (stuck.isEmpty() && waiting.outboxAge() >= settings.backlogAfter().toSeconds()) {
      items.add(
          new Item(
              Kind.OUTBOX_OVERDUE,
              (long) waiting.outbox(),
              before(now, waiting.outboxAge()),
              "The first of %s events has waited for Kafka for %s."
                  .formatted(number((long) waiting.outbox()), length(waiting.outboxAge())),
              HEALTH));
    }
  }

  private void addMails(List<Item> items, Backlog.Waiting waiting, Instant now) {
    MailHindrance hindrance = mailServer.hindrance().orElse(null);
    long mails = (long) waiting.mails();
    if (hindrance != null) {
      items.add(
          new Item(
              hindrance.refuses() ? Kind.MAIL_SERVER_REFUSES : Kind.MAIL_SERVER_AWAY,
              mails,
              hindrance.since().truncatedTo(ChronoUnit.MILLIS),
              "The mail server %s, and %s mails wait: %s."
                  .formatted(
                      hindrance.refuses() ? "refuses our account" : "can't be reached",
                      number(mails),
                      Timelines.answer(hindrance.reason())),
              HEALTH));
    } else if (waiting.mailAge() >= settings.backlogAfter().toSeconds()) {
      items.add(
          new Item(
              Kind.MAILS_OVERDUE,
              mails,
              before(now, waiting.mailAge()),
              "The first of %s mails has been due for %s."
                  .formatted(number(mails), length(waiting.mailAge())),
              HEALTH));
    }
  }

  /** What a part of the health knows the number of, and not since when. */
  private void addWhileSeen(
      List<Item> items,
      Kind kind,
      @Nullable Object found,
      String text,
      String one,
      String more,
      Instant now) {
    long count =
        found instanceof Collection<?> all
            ? all.size()
            : found instanceof Number number ? number.longValue() : 0;
    if (count == 0) {
      firstSeen.remove(kind);
      return;
    }
    Instant since = firstSeen.computeIfAbsent(kind, first -> now);
    items.add(new Item(kind, count, since, text.formatted(counted(count, one, more)), HEALTH));
  }

  private void addDeadLetters(List<Item> items) {
    for (DeadLetterSummary.Group group : deadLetters.groups()) {
      items.add(
          new Item(
              Kind.DEAD_LETTERS,
              group.count(),
              group.oldest(),
              "%s gave up on %s, which %s to be replayed or discarded: %s."
                  .formatted(
                      group.consumer(),
                      counted(group.count(), "record", "records"),
                      group.count() == 1 ? "waits" : "wait",
                      group.cause()),
              "/api/dead-letters?consumer=" + group.consumer() + "&state=WAITING"));
    }
  }

  /**
   * Refunds of one state.
   *
   * @param last creation of those that were counted
   */
  private record Refunds(
      long counted, @Nullable OffsetDateTime first, @Nullable OffsetDateTime last) {}

  private void addRefunds(List<Item> items, Instant now) {
    add(items, Kind.REFUNDS_FAILED, "FAILED", now);
    add(items, Kind.REFUNDS_OVERDUE, "DUE", now.minus(settings.refundsAfter()));
  }

  /** Read by the index of the states: by the ids alone, all other refunds would be passed over. */
  private void add(List<Item> items, Kind kind, String state, Instant before) {
    Refunds refunds =
        jdbc.sql(
                """
                select count(*) as counted, min(created_at) as first, max(created_at) as last from (
                  select created_at from reversal where (refund_state, id) > (?, ?) and (refund_state, id) < (?, ?)
                  order by refund_state, id limit 10001) as few
                """)
            .params(state, new UUID(0, 0), state, OrderIds.firstOf(before))
            .query(Refunds.class)
            .single();
    OffsetDateTime first = refunds.first;
    if (first == null) {
      return;
    }
    long count = estimated(refunds, before);
    items.add(
        new Item(
            kind,
            count,
            first.toInstant(),
            kind == Kind.REFUNDS_FAILED
                ? counted(count, "refund", "refunds") + " failed and must be paid again."
                : "%s %s been due for more than %s."
                    .formatted(
                        counted(count, "refund", "refunds"),
                        count == 1 ? "has" : "have",
                        length(settings.refundsAfter().toSeconds())),
            "/api/reversals?refundState=" + state));
  }

  /** What the counted ones make likely, if as many came in the time after them. */
  private static long estimated(Refunds refunds, Instant until) {
    if (BoundedCounts.isExact(refunds.counted) || refunds.first == null || refunds.last == null) {
      return refunds.counted;
    }
    double counted = Math.max(1, Duration.between(refunds.first, refunds.last).toMillis());
    double all = Duration.between(refunds.first.toInstant(), until).toMillis();
    return Math.max(refunds.counted, Math.round(refunds.counted * all / counted));
  }

  private void addImports(List<Item> items, Instant now) {
    jdbc.sql(
            """
            select count(*) filter (where state = 'FAILED') as failed,
              min(finished_at) filter (where state = 'FAILED') as failed_since,
              count(*) filter (where rejected > 0) as with_rejected,
              coalesce(sum(rejected), 0) as rejected,
              min(finished_at) filter (where rejected > 0) as rejected_since
            from (select state, rejected, finished_at from import order by id desc limit 1000) as latest
            where finished_at >= ?
            """)
        .param(now.minus(settings.importsWithin()).atOffset(ZoneOffset.UTC))
        .query((row, n) -> imports(row))
        .single()
        .forEach(items::add);
  }

  private static List<Item> imports(ResultSet row) throws SQLException {
    List<Item> items = new ArrayList<>();
    long failed = row.getLong("failed");
    if (failed > 0) {
      items.add(
          new Item(
              Kind.IMPORTS_FAILED,
              failed,
              row.getObject("failed_since", OffsetDateTime.class).toInstant(),
              counted(failed, "file", "files") + " could not be read to the end.",
              "/api/imports"));
    }
    long files = row.getLong("with_rejected");
    if (files > 0) {
      long rejected = row.getLong("rejected");
      items.add(
          new Item(
              Kind.IMPORTS_REJECTED,
              files,
              row.getObject("rejected_since", OffsetDateTime.class).toInstant(),
              "%s of %s had faults; the rejected rows stand beside their file with what is wrong."
                  .formatted(
                      counted(rejected, "entry", "entries"), counted(files, "file", "files")),
              "/api/imports"));
    }
    return items;
  }

  private static Instant before(Instant now, double seconds) {
    return now.minusSeconds((long) seconds).truncatedTo(ChronoUnit.SECONDS);
  }

  private static String counted(long count, String one, String more) {
    return number(count) + " " + (count == 1 ? one : more);
  }

  /** More than can be counted are rounded. */
  private static String number(long count) {
    return BoundedCounts.isExact(count) ? String.valueOf(count) : "about " + count / 1000 * 1000;
  }

  private static String length(double seconds) {
    Duration length = Duration.ofSeconds((long) seconds);
    return length.toHours() >= 2
        ? length.toHours() + " h"
        : length.toMinutes() >= 2 ? length.toMinutes() + " min" : length.toSeconds() + " s";
  }
}
