package orderflow.reversal;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import orderflow.order.OrderCompleted;
import orderflow.order.OrderStatus;
import org.jspecify.annotations.Nullable;

/**
 * An order as it stands, locked for the rest of the transaction.
 *
 * @param version 1 as it was placed, one more with each reversal
 * @param lines in the order of their positions, which are their places in the list
 * @param refunded the sum of its refunds
 * @param charges of which a refund was given
 * @param unearned what was taken from the amount that earned points
 * @param withheld of refunds, because what is kept is below the coupon's minimum
 * @param pointsReversed that were taken back
 */
record OrderToReverse(
    OrderCompleted order,
    OrderStatus status,
    int version,
    List<Line> lines,
    BigDecimal refunded,
    BigDecimal charges,
    BigDecimal unearned,
    BigDecimal withheld,
    long pointsReversed) {

  OrderToReverse {
    lines = List.copyOf(lines);
  }

  /**
   * An item with what of it was returned.
   *
   * @param unitPrice with the currency's decimals
   */
  record Line(@Nullable String sku, String name, int quantity, int returned, BigDecimal unitPrice) {

    int left() {
      return quantity - returned;
    }
  }

  Currency currency() {
    return Currency.getInstance(order.currency());
  }

  BigDecimal refundable() {
    return order.total().subtract(refunded);
  }

  /** Of the charges, what has not been refunded. */
  BigDecimal chargesLeft() {
    return order.total().subtract(order.paidForGoods()).subtract(charges);
  }
}
