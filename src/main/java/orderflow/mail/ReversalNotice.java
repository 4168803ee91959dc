package orderflow.mail;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import orderflow.consumer.InvalidEvent;
import orderflow.order.Customer;
import orderflow.order.MailAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the mail about a reversal says; kept in its row as JSON. Amounts have the decimals of the
 * order's currency.
 *
 * @param items with what is refunded for them
 * @param refund all that is refunded
 * @param charges the part of it that is for charges; null if none
 * @param remaining what the customer has paid for what is kept; null if nothing is kept
 * @param pointsReversed taken back
 * @param couponReleased the code of a coupon that can be used again, if there is one
 * @param couponReissued the code of the coupon that the customer gets instead, if there is one
 * @param completedAt when the order was placed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReversalNotice(
    UUID orderId,
    String orderNumber,
    Customer customer,
    String currency,
    List<Line> items,
    @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal refund,
    @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable BigDecimal charges,
    @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable BigDecimal remaining,
    long pointsReversed,
    @Nullable String couponReleased,
    @Nullable String couponReissued,
    Instant completedAt,
    Instant reversedAt) {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  public ReversalNotice {
    items = List.copyOf(items);
  }

  /**
   * Reads a row's event.
   *
   * @throws InvalidEvent if it is no notice
   */
  static ReversalNotice read(byte[] json) {
    try {
      return JSON.readValue(json, ReversalNotice.class);
    } catch (IOException e) {
      throw InvalidEvent.unreadable(e);
    }
  }

  /** Whether there is an address to write to: of an erased customer there is none. */
  boolean hasAddress() {
    return customer.email() != null && !customer.email().isEmpty();
  }

  /**
   * Where to write to, as mail servers take it.
   *
   * @throws InvalidEvent if it is no address
   */
  String mailbox() {
    String mailbox = customer.email() == null ? null : MailAddress.read(customer.email());
    if (mailbox == null) {
      throw new InvalidEvent("customer/email is no e-mail address");
    }
    return MailAddress.quoted(mailbox);
  }

  /** The customer's name; empty if it is not known. */
  String customerName() {
    return customer.name() == null ? "" : customer.name();
  }

  /** What the refund is more or less than the items and charges in it, for a reason of its own. */
  BigDecimal adjustment() {
    BigDecimal charged = charges == null ? BigDecimal.ZERO : charges;
    return items.stream().map(Line::refund).reduce(refund.subtract(charged), BigDecimal::subtract);
  }

  /** Some units of an item. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Line(
      @Nullable String sku,
      String name,
      int quantity,
      @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal refund) {}
}
