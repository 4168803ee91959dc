package orderflow.overview;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import orderflow.mail.MailServerHealth;
import orderflow.mail.MailStop;
import orderflow.outbox.EventType;
import orderflow.outbox.Outbox;
import orderflow.overview.OrderTimeline.Event;
import orderflow.overview.OrderTimeline.Kind;
import orderflow.platform.jdbc.SqlFile;
import orderflow.platform.page.Texts;
import orderflow.privacy.PersonalPayload;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.web.util.UriUtils;

/** The stories of orders, put together from what the tables know for certain. */
@Repository
public class Timelines {

  private static final String EVENTS = SqlFile.read("order-timeline.sql");
  private static final String IN_OUTBOX = SqlFile.read("order-in-outbox.sql");

  /** By how much the times of neighbouring rows of the outbox may be out of order. */
  private static final Duration OUT_OF_ORDER = Duration.ofSeconds(1);

  private static final JsonMapper JSON = new JsonMapper();

  private final JdbcClient jdbc;
  private final Orders orders;
  private final Outbox outbox;
  private final MailServerHealth mailServer;

  Timelines(JdbcClient jdbc, Orders orders, Outbox outbox, MailServerHealth mailServer) {
    this.jdbc = jdbc;
    this.orders = orders;
    this.outbox = outbox;
    this.mailServer = mailServer;
  }

  /**
   * A row of the statement.
   *
   * @param kind of the event, or of the act or reversal that it is
   */
  record Row(
      Instant at,
      String kind,
      @Nullable String by,
      @Nullable String ref,
      @Nullable String detail,
      @Nullable String more,
      long number) {}

  /** The story of an order, in English; empty if there is no such order. */
  public Optional<OrderTimeline> find(UUID id) {
    return orders.find(id).map(order -> of(order, Texts.english()));
  }

  /** The story of an order that has been read, in the reader's language. */
  public OrderTimeline of(OrderView order, Texts texts) {
    UUID id = order.order().orderId();
    List<Row> rows = jdbc.sql(EVENTS).param("order", id).query(Timelines::row).list();
    Instant waitingSince = isUnfinished(order.effects()) ? inOutbox(id, order) : null;
    List<Event> events = new ArrayList<>();
    for (Row row : rows) {
      events.add(event(row, order, texts));
    }
    if (waitingSince != null) {
      events.add(
          new Event(
              waitingSince,
              Kind.EVENT_WAITING,
              null,
              texts.get("story-EVENT_WAITING"),
              EventType.ORDER_COMPLETED.topic()));
    }
    events.sort(Comparator.comparing(Event::at).thenComparing(Event::kind));
    EffectReasons reasons =
        new EffectReasons(
            order, rows, waitingSince, outbox.stuck(), mailServer.hindrance().orElse(null), texts);
    return new OrderTimeline(id, events, reasons.standings());
  }

  private static boolean isUnfinished(Effects effects) {
    return effects.points().status() == Effects.Status.PENDING
        || effects.coupon().status() == Effects.Status.PENDING
        || effects.email().status() == Effects.Status.PENDING;
  }

  private @Nullable Instant inOutbox(UUID id, OrderView order) {
    return jdbc.sql(IN_OUTBOX)
        .param("topic", EventType.ORDER_COMPLETED.topic())
        .param("from", order.order().createdAt().minus(OUT_OF_ORDER).atOffset(ZoneOffset.UTC))
        .param("order", id)
        .query((row, n) -> Optional.ofNullable(instant(row, "since")))
        .single()
        .orElse(null);
  }

  private static Row row(ResultSet row, int n) throws SQLException {
    return new Row(
        Objects.requireNonNull(instant(row, "at")),
        row.getString("kind"),
        row.getString("by"),
        row.getString("ref"),
        row.getString("detail"),
        row.getString("more"),
        row.getLong("number"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static Event event(Row row, OrderView order, Texts texts) {
    return switch (row.kind) {
      case "PLACED" ->
          event(
              row,
              Kind.PLACED,
              texts.get(
                  "story-PLACED",
                  row.by == null ? "" : texts.get("story-by-file"),
                  row.detail == null ? "" : texts.get("story-with-reference"),
                  order.order().total().toPlainString(),
                  order.order().currency()));
      case "COUPON_RESERVED" -> ofCoupon(row, Kind.COUPON_RESERVED, texts);
      case "COUPON_USED" -> ofCoupon(row, Kind.COUPON_USED, texts);
      case "COUPON_RELEASED" ->
          event(
              row,
              Kind.COUPON_RELEASED,
              texts.get(isReissued(row) ? "story-COUPON_REISSUED" : "story-COUPON_RELEASED"));
      case "POINTS_BOOKED" -> counted(row, Kind.POINTS_BOOKED, texts);
      case "POINTS_REVERSED" -> counted(row, Kind.POINTS_REVERSED, texts);
      case "MAIL_QUEUED" -> described(row, Kind.MAIL_QUEUED, texts, mail(row, texts));
      case "MAIL_DUE" ->
          counted(row, Kind.MAIL_DUE, texts, mail(row, texts), answer(texts, row.more));
      case "MAIL_SENT" ->
          described(
              row,
              Kind.MAIL_SENT,
              texts,
              mail(row, texts),
              row.number > 1 ? texts.get("story-at-attempt", row.number) : "");
      case "MAIL_SUPPRESSED" -> described(row, Kind.MAIL_SUPPRESSED, texts, mail(row, texts));
      case "DEAD_LETTER" ->
          described(
              row,
              Kind.DEAD_LETTER,
              texts,
              row.by,
              row.number > 1 ? texts.get("story-last-of", row.number) : "",
              row.detail);
      case "DEAD_LETTER_REPLAYED" -> described(row, Kind.DEAD_LETTER_REPLAYED, texts, row.detail);
      case "DEAD_LETTER_DISCARDED" -> described(row, Kind.DEAD_LETTER_DISCARDED, texts, row.detail);
      case "RESEND_EMAIL" -> described(row, Kind.MAIL_RESENT, texts);
      case "REPLAY_DEAD_LETTER" -> described(row, Kind.REPLAY_REQUESTED, texts);
      case "REPORT_REFUND" -> described(row, Kind.REFUND_REPORTED, texts, row.detail);
      case "CANCEL" -> ofReversal(row, Kind.CANCELLED, texts.get("story-CANCELLED"), texts);
      case "RETURN" -> ofReversal(row, Kind.RETURNED, returned(row, texts), texts);
      case "GOODWILL" -> ofReversal(row, Kind.GOODWILL_GIVEN, texts.get("story-GOODWILL"), texts);
      default -> throw new IllegalStateException("there is no event " + row.kind);
    };
  }

  private static Event event(Row row, Kind kind, String text) {
    return new Event(row.at, kind, row.by, text, row.ref);
  }

  private static Event described(Row row, Kind kind, Texts texts, @Nullable Object... values) {
    return event(row, kind, texts.get("story-" + kind, values));
  }

  private static Event counted(Row row, Kind kind, Texts texts, String... values) {
    Object[] all = Stream.concat(Stream.of(row.number), Stream.of(values)).toArray();
    return event(row, kind, texts.counted("story-" + kind, row.number, all));
  }

  private static Event ofCoupon(Row row, Kind kind, Texts texts) {
    String code = UriUtils.encode(String.valueOf(row.ref), "UTF-8");
    return new Event(row.at, kind, row.by, texts.get("story-" + kind), "/api/coupons/" + code);
  }

  private static Event ofReversal(Row row, Kind kind, String what, Texts texts) {
    JsonNode plan = plan(row);
    String reason = plan.path("reason").isNull() ? "" : plan.path("reason").asText("");
    String amount = plan.at("/refund/amount").asText("0");
    boolean isNothing = plan.at("/refund/state").asText("NONE").equals("NONE");
    return event(
        row,
        kind,
        what
            + (reason.isEmpty() ? "" : " (" + reason + ")")
            + (isNothing
                ? texts.get("story-no-refund")
                : texts.get(
                    amount.equals("1") ? "story-refund-one" : "story-refund",
                    amount,
                    plan.path("currency").asText())));
  }

  private static String returned(Row row, Texts texts) {
    long units = 0;
    for (JsonNode item : plan(row).path("items")) {
      units += item.path("quantity").asLong();
    }
    return texts.counted("story-RETURNED", units, units);
  }

  static boolean isReissued(Row row) {
    return row.detail != null && plan(row).at("/coupon/outcome").asText().equals("REISSUED");
  }

  private static JsonNode plan(Row row) {
    try {
      return JSON.readTree(String.valueOf(row.detail));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored reversal can't be read", e);
    }
  }

  /** What a mail server said, which may quote an address. */
  static String answer(Texts texts, @Nullable String error) {
    return error == null
        ? texts.get("why-no-answer")
        : PersonalPayload.withoutAddresses(error).strip();
  }

  private static String mail(Row row, Texts texts) {
    String kind = row.detail;
    if (MailStop.ORDER_CANCELLED.equals(kind)) {
      return texts.get("story-mail-cancelled");
    }
    return texts.get(
        kind != null && kind.startsWith(MailStop.RETURN_RECEIPT)
            ? "story-mail-receipt"
            : "story-mail-confirmation");
  }
}
