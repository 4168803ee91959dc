package orderflow.reversal;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import orderflow.consumer.EventFields;
import orderflow.consumer.EventRecord;
import orderflow.consumer.InvalidEvent;
import orderflow.order.Money;
import orderflow.outbox.CloudEvents;
import orderflow.outbox.EventType;
import org.jspecify.annotations.Nullable;

/**
 * A cancellation or a return as Orderflow or another system has published it, read tolerantly.
 *
 * @param topic of its type
 * @param reversalId null if the reversal's id is no UUID, as none of ours is
 * @param reference the reversal's identity among those of its order
 * @param eventId null if the event has none
 * @param customerId null if neither the event nor its key names one
 * @param refund zero if none is named
 * @param currency null if the event names none
 */
record ReversalEvent(
    String topic,
    UUID orderId,
    @Nullable UUID reversalId,
    String reference,
    @Nullable String eventId,
    @Nullable String customerId,
    @Nullable Currency currency,
    BigDecimal refund,
    ReversalRequest request) {

  private static final Pattern NAME = Pattern.compile("[^\\p{C}]{1,255}");
  private static final Pattern CUSTOMER_ID = Pattern.compile("[!-~]{1,255}");
  private static final String ALL = "REST";

  /** The currency's code, or that of no currency. */
  String currencyCode() {
    return currency == null ? "XXX" : currency.getCurrencyCode();
  }

  /**
   * Reads what it needs of a record.
   *
   * @throws InvalidEvent if it can't be used
   */
  static ReversalEvent of(EventRecord record) {
    EventFields fields = record.fields();
    UUID orderId = fields.uuid("orderId");
    String reversal =
        fields.has("reversalId")
            ? fields.text("reversalId", NAME, "is no text of 1 to 255 printable characters")
            : null;
    String eventId = eventId(record, fields);
    ReversalRequest.Reason reason = reason(fields);
    Currency currency = currency(fields);
    return new ReversalEvent(
        record.topic(),
        orderId,
        asUuid(reversal),
        reversal != null ? reversal : eventId != null ? eventId : record.toString(),
        eventId,
        customerId(record, fields),
        currency,
        inCurrency(fields.has("refund") ? fields.amount("refund") : BigDecimal.ZERO, currency),
        record.topic().equals(EventType.ORDER_CANCELLED.topic())
            ? ReversalRequest.cancel(reason)
            : ReversalRequest.giveBack(items(fields), reason));
  }

  /** Null, too, for what is no money, such as gold: it has no smallest unit. */
  private static @Nullable Currency currency(EventFields fields) {
    Currency named = fields.has("currency") ? fields.currency("currency") : null;
    return named == null || named.getDefaultFractionDigits() < 0 ? null : named;
  }

  /** The amount with the currency's decimals, or with those that it has. */
  private static BigDecimal inCurrency(BigDecimal amount, @Nullable Currency currency) {
    return currency == null
        ? new BigDecimal(amount.toPlainString())
        : Money.floor(amount, currency);
  }

  /** Nothing, in the event's currency. */
  BigDecimal zero() {
    return inCurrency(BigDecimal.ZERO, currency);
  }

  private static @Nullable String eventId(EventRecord record, EventFields fields) {
    byte[] header = record.headers().get(CloudEvents.ID);
    String id = header == null ? fields.id() : new String(header, StandardCharsets.UTF_8);
    return id != null && NAME.matcher(id).matches() ? id : null;
  }

  /** A reason that is not one of ours is another. */
  private static ReversalRequest.Reason reason(EventFields fields) {
    String named = fields.textIfAny("reason");
    return Arrays.stream(ReversalRequest.Reason.values())
        .filter(reason -> reason.name().equals(named))
        .findFirst()
        .orElse(ReversalRequest.Reason.OTHER);
  }

  /** Every record of this topic has the customer as its key. */
  private static @Nullable String customerId(EventRecord record, EventFields fields) {
    String named = fields.textIfAny("customerId");
    byte[] key = record.key();
    String id = named != null || key == null ? named : new String(key, StandardCharsets.ISO_8859_1);
    return id != null && CUSTOMER_ID.matcher(id).matches() ? id : null;
  }

  private static @Nullable List<ReversalRequest.ReturnedItem> items(EventFields fields) {
    if (fields.isText("items", ALL)) {
      return null;
    }
    List<ReversalRequest.ReturnedItem> items = new ArrayList<>();
    for (EventFields item : fields.list("items")) {
      items.add(
          new ReversalRequest.ReturnedItem(item.number("position", 0), item.number("quantity", 1)));
    }
    if (items.isEmpty()) {
      throw fields.fault("items", "is no list with an item in it");
    }
    return items;
  }

  private static @Nullable UUID asUuid(@Nullable String text) {
    try {
      return text == null ? null : UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
