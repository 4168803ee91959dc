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
import orderflow.mail.MailServerHealth;
import orderflow.mail.MailStop;
import orderflow.outbox.EventType;
import orderflow.outbox.Outbox;
import orderflow.overview.OrderTimeline.Event;
import orderflow.overview.OrderTimeline.Kind;
import orderflow.platform.jdbc.SqlFile;
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

  /** The story of an order; empty if there is no such order. */
  public Optional<OrderTimeline> find(UUID id) {
    return orders.find(id).map(this::of);
  }

  /** The story of an order that has been read. */
  public OrderTimeline of(OrderView order) {
    UUID id = order.order().orderId();
    List<Row> rows = jdbc.sql(EVENTS).param("order", id).query(Timelines::row).list();
    Instant waitingSince = isUnfinished(order.effects()) ? inOutbox(id, order) : null;
    List<Event> events = new ArrayList<>();
    for (Row row : rows) {
      events.add(event(row, order));
    }
    if (waitingSince != null) {
      events.add(
          new Event(
              waitingSince,
              Kind.EVENT_WAITING,
              null,
              "The order's event waits in the outbox to be published.",
              EventType.ORDER_COMPLETED.topic()));
    }
    events.sort(Comparator.comparing(Event::at).thenComparing(Event::kind));
    EffectReasons reasons =
        new EffectReasons(
            order, rows, waitingSince, outbox.stuck(), mailServer.hindrance().orElse(null));
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

  private static Event event(Row row, OrderView order) {
    return switch (row.kind) {
      case "PLACED" ->
          event(
              row,
              Kind.PLACED,
              "The order was placed"
                  + (row.by != null ? " by a file" : "")
                  + (row.detail != null ? ", under its sender's reference" : "")
                  + ": "
                  + order.order().total().toPlainString()
                  + " "
                  + order.order().currency()
                  + " in all.");
      case "COUPON_RESERVED" ->
          ofCoupon(row, Kind.COUPON_RESERVED, "A use of the coupon was reserved for the order.");
      case "COUPON_USED" -> ofCoupon(row, Kind.COUPON_USED, "The coupon was used.");
      case "COUPON_RELEASED" ->
          event(
              row,
              Kind.COUPON_RELEASED,
              isReissued(row)
                  ? "The coupon's use goes on counting, and the customer got another coupon."
                  : "The coupon's use was given back.");
      case "POINTS_BOOKED" ->
          event(row, Kind.POINTS_BOOKED, points(row.number) + " booked for the order.");
      case "POINTS_REVERSED" ->
          event(row, Kind.POINTS_REVERSED, points(row.number) + " taken back.");
      case "MAIL_QUEUED" ->
          event(row, Kind.MAIL_QUEUED, "The " + mail(row.detail) + " was queued.");
      case "MAIL_DUE" ->
          event(
              row,
              Kind.MAIL_DUE,
              "The "
                  + mail(row.detail)
                  + " is tried again; "
                  + times(row.number)
                  + " it was not taken: "
                  + answer(row.more)
                  + ".");
      case "MAIL_SENT" ->
          event(
              row,
              Kind.MAIL_SENT,
              "The mail server took the "
                  + mail(row.detail)
                  + (row.number > 1 ? ", at attempt " + row.number : "")
                  + ".");
      case "MAIL_SUPPRESSED" ->
          event(
              row,
              Kind.MAIL_SUPPRESSED,
              "The " + mail(row.detail) + " is not sent, since the order was cancelled.");
      case "DEAD_LETTER" ->
          event(
              row,
              Kind.DEAD_LETTER,
              row.by
                  + " gave up on a record of the order"
                  + (row.number > 1 ? ", the last time of " + row.number : "")
                  + ": "
                  + row.detail
                  + ".");
      case "DEAD_LETTER_REPLAYED" ->
          event(row, Kind.DEAD_LETTER_REPLAYED, "The record was replayed to " + row.detail + ".");
      case "DEAD_LETTER_DISCARDED" ->
          event(
              row,
              Kind.DEAD_LETTER_DISCARDED,
              "The record that " + row.detail + " had given up on was discarded.");
      case "RESEND_EMAIL" ->
          event(row, Kind.MAIL_RESENT, "The confirmation was queued once more by an operator.");
      case "REPLAY_DEAD_LETTER" ->
          event(row, Kind.REPLAY_REQUESTED, "An operator asked for the record to be replayed.");
      case "REPORT_REFUND" ->
          event(row, Kind.REFUND_REPORTED, "The refund was reported as " + row.detail + ".");
      case "CANCEL" -> ofReversal(row, Kind.CANCELLED, "The order was cancelled");
      case "RETURN" -> ofReversal(row, Kind.RETURNED, returned(row));
      case "GOODWILL" -> ofReversal(row, Kind.GOODWILL_GIVEN, "Goodwill was given");
      default -> throw new IllegalStateException("there is no event " + row.kind);
    };
  }

  private static Event event(Row row, Kind kind, String text) {
    return new Event(row.at, kind, row.by, text, row.ref);
  }

  private static Event ofCoupon(Row row, Kind kind, String text) {
    String code = UriUtils.encode(String.valueOf(row.ref), "UTF-8");
    return new Event(row.at, kind, row.by, text, "/api/coupons/" + code);
  }

  private static Event ofReversal(Row row, Kind kind, String what) {
    JsonNode plan = plan(row);
    String reason = plan.path("reason").asText("");
    String amount = plan.at("/refund/amount").asText("0");
    boolean isNothing = plan.at("/refund/state").asText("NONE").equals("NONE");
    return event(
        row,
        kind,
        what
            + (plan.path("reason").isNull() || reason.isEmpty() ? "" : " (" + reason + ")")
            + (isNothing
                ? "; nothing is to be refunded."
                : "; "
                    + amount
                    + " "
                    + plan.path("currency").asText()
                    + (amount.equals("1") ? " is" : " are")
                    + " to be refunded."));
  }

  private static String returned(Row row) {
    long units = 0;
    for (JsonNode item : plan(row).path("items")) {
      units += item.path("quantity").asLong();
    }
    return units == 1 ? "1 unit was returned" : units + " units were returned";
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

  private static String points(long points) {
    return points == 1 ? "1 point was" : points + " points were";
  }

  private static String times(long times) {
    return times == 1 ? "once" : times + " times";
  }

  /** What a mail server said, which may quote an address. */
  static String answer(@Nullable String error) {
    return error == null
        ? "the server did not say why"
        : PersonalPayload.withoutAddresses(error).strip();
  }

  private static String mail(@Nullable String kind) {
    if (MailStop.ORDER_CANCELLED.equals(kind)) {
      return "mail about the cancellation";
    }
    return kind != null && kind.startsWith(MailStop.RETURN_RECEIPT)
        ? "receipt of the return"
        : "confirmation";
  }
}
