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
import java.util.stream.Stream;
import orderflow.deadletter.DeadLetterSummary;
import orderflow.mail.MailHindrance;
import orderflow.mail.MailServerHealth;
import orderflow.metrics.Backlog;
import orderflow.order.OrderIds;
import orderflow.outbox.Outbox;
import orderflow.outbox.StuckTopic;
import orderflow.platform.jdbc.BoundedCounts;
import orderflow.platform.jdbc.DatabaseHealth;
import orderflow.platform.page.Texts;
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

  /** The most urgent first, in English; none if all is well. */
  public List<Item> items() {
    return items(Texts.english());
  }

  /** The same in the reader's language. */
  public List<Item> items(Texts texts) {
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
                        text(texts, Kind.DATABASE_READ_ONLY),
                        HEALTH + "/readiness")));
    Backlog.Waiting waiting = backlog.now();
    addOutbox(items, waiting, now, texts);
    addMails(items, waiting, now, texts);
    addWhileSeen(
        items, Kind.ORDERS_INCOMPLETE, orders.health().getDetails().get("incomplete"), now, texts);
    addWhileSeen(
        items, Kind.CONSUMERS_BROKEN, ownConsumers.health().getDetails().get("broken"), now, texts);
    addDeadLetters(items, texts);
    addRefunds(items, now, texts);
    addImports(items, now, texts);
    return items;
  }

  private static String text(Texts texts, Kind kind, Object... values) {
    return texts.get("need-" + kind, values);
  }

  /** A text about a number of things, which is its first value. */
  private static String counted(Texts texts, Kind kind, long count, Object... values) {
    Object[] all = Stream.concat(Stream.of(number(texts, count)), Stream.of(values)).toArray();
    return texts.counted("need-" + kind, count, all);
  }

  private void addOutbox(List<Item> items, Backlog.Waiting waiting, Instant now, Texts texts) {
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
              text(texts, Kind.OUTBOX_STUCK, topic.topic(), number(texts, shown), topic.cause()),
              HEALTH));
    }
    if (stuck.isEmpty() && waiting.outboxAge() >= settings.backlogAfter().toSeconds()) {
      items.add(
          new Item(
              Kind.OUTBOX_OVERDUE,
              (long) waiting.outbox(),
              before(now, waiting.outboxAge()),
              text(
                  texts,
                  Kind.OUTBOX_OVERDUE,
                  number(texts, (long) waiting.outbox()),
                  length(texts, waiting.outboxAge())),
              HEALTH));
    }
  }

  private void addMails(List<Item> items, Backlog.Waiting waiting, Instant now, Texts texts) {
    MailHindrance hindrance = mailServer.hindrance().orElse(null);
    long mails = (long) waiting.mails();
    if (hindrance != null) {
      Kind kind = hindrance.refuses() ? Kind.MAIL_SERVER_REFUSES : Kind.MAIL_SERVER_AWAY;
      items.add(
          new Item(
              kind,
              mails,
              hindrance.since().truncatedTo(ChronoUnit.MILLIS),
              text(texts, kind, number(texts, mails), Timelines.answer(texts, hindrance.reason())),
              HEALTH));
    } else if (waiting.mailAge() >= settings.backlogAfter().toSeconds()) {
      items.add(
          new Item(
              Kind.MAILS_OVERDUE,
              mails,
              before(now, waiting.mailAge()),
              text(
                  texts,
                  Kind.MAILS_OVERDUE,
                  number(texts, mails),
                  length(texts, waiting.mailAge())),
              HEALTH));
    }
  }

  /** What a part of the health knows the number of, and not since when. */
  private void addWhileSeen(
      List<Item> items, Kind kind, @Nullable Object found, Instant now, Texts texts) {
    long count =
        found instanceof Collection<?> all
            ? all.size()
            : found instanceof Number number ? number.longValue() : 0;
    if (count == 0) {
      firstSeen.remove(kind);
      return;
    }
    Instant since = firstSeen.computeIfAbsent(kind, first -> now);
    items.add(new Item(kind, count, since, counted(texts, kind, count), HEALTH));
  }

  private void addDeadLetters(List<Item> items, Texts texts) {
    for (DeadLetterSummary.Group group : deadLetters.groups()) {
      items.add(
          new Item(
              Kind.DEAD_LETTERS,
              group.count(),
              group.oldest(),
              counted(texts, Kind.DEAD_LETTERS, group.count(), group.consumer(), group.cause()),
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

  private void addRefunds(List<Item> items, Instant now, Texts texts) {
    add(items, Kind.REFUNDS_FAILED, "FAILED", now, texts);
    add(items, Kind.REFUNDS_OVERDUE, "DUE", now.minus(settings.refundsAfter()), texts);
  }

  /** Read by the index of the states: by the ids alone, all other refunds would be passed over. */
  private void add(List<Item> items, Kind kind, String state, Instant before, Texts texts) {
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
            counted(texts, kind, count, length(texts, settings.refundsAfter().toSeconds())),
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

  private void addImports(List<Item> items, Instant now, Texts texts) {
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
        .query((row, n) -> imports(row, texts))
        .single()
        .forEach(items::add);
  }

  private static List<Item> imports(ResultSet row, Texts texts) throws SQLException {
    List<Item> items = new ArrayList<>();
    long failed = row.getLong("failed");
    if (failed > 0) {
      items.add(
          new Item(
              Kind.IMPORTS_FAILED,
              failed,
              row.getObject("failed_since", OffsetDateTime.class).toInstant(),
              counted(texts, Kind.IMPORTS_FAILED, failed),
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
              text(
                  texts,
                  Kind.IMPORTS_REJECTED,
                  texts.counted("entries", rejected, number(texts, rejected)),
                  texts.counted("files", files, number(texts, files))),
              "/api/imports"));
    }
    return items;
  }

  private static Instant before(Instant now, double seconds) {
    return now.minusSeconds((long) seconds).truncatedTo(ChronoUnit.SECONDS);
  }

  /** More than can be counted are rounded. */
  private static String number(Texts texts, long count) {
    return BoundedCounts.isExact(count)
        ? String.valueOf(count)
        : texts.get("about", count / 1000 * 1000);
  }

  private static String length(Texts texts, double seconds) {
    Duration length = Duration.ofSeconds((long) seconds);
    return length.toHours() >= 2
        ? texts.get("span-h", length.toHours())
        : length.toMinutes() >= 2
            ? texts.get("span-min", length.toMinutes())
            : texts.get("span-s", length.toSeconds());
  }
}
