package orderflow.reversal;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A wish to take back an order or some of it.
 *
 * @param items what is returned, by position; null for all that is left
 * @param reason one of {@link Reason}; null for goodwill and previews
 * @param note free text of 1 to 1,000 characters
 * @param amount of goodwill, or of a return in place of what its items were paid with
 * @param why the amount is what it is
 * @param takesPoints whether goodwill takes back the points that the amount had earned
 * @param refundsCharges whether a return refunds the order's charges; a cancellation always does
 * @param notifies whether the customer gets a mail
 */
public record ReversalRequest(
    ReversalKind kind,
    @Nullable List<ReturnedItem> items,
    @Nullable Reason reason,
    @Nullable String note,
    @Nullable BigDecimal amount,
    @Nullable String why,
    CouponPolicy couponPolicy,
    BelowMinimum belowMinimum,
    Shortfall shortfall,
    boolean takesPoints,
    boolean refundsCharges,
    boolean notifies) {

  public ReversalRequest {
    items = items == null ? null : List.copyOf(items);
  }

  /** A cancellation as a file or another system asks for it. */
  public static ReversalRequest cancel(Reason reason) {
    return new ReversalRequest(
        ReversalKind.CANCEL,
        null,
        reason,
        null,
        null,
        null,
        CouponPolicy.RELEASE,
        BelowMinimum.KEEP,
        Shortfall.DEBT,
        false,
        true,
        true);
  }

  /**
   * A return as a file or another system asks for it.
   *
   * @param items null for all that is left
   */
  public static ReversalRequest giveBack(@Nullable List<ReturnedItem> items, Reason reason) {
    return new ReversalRequest(
        ReversalKind.RETURN,
        items,
        reason,
        null,
        null,
        null,
        CouponPolicy.RELEASE,
        BelowMinimum.KEEP,
        Shortfall.DEBT,
        false,
        false,
        true);
  }

  /** The same with other items. */
  public ReversalRequest withItems(List<ReturnedItem> others) {
    return new ReversalRequest(
        kind,
        others,
        reason,
        note,
        amount,
        why,
        couponPolicy,
        belowMinimum,
        shortfall,
        takesPoints,
        refundsCharges,
        notifies);
  }

  /**
   * Some units of one item.
   *
   * @param position the item's among the order's, from 0
   */
  public record ReturnedItem(int position, int quantity) {}

  /** Why an order is taken back. */
  public enum Reason {
    CUSTOMER,
    OUT_OF_STOCK,
    FRAUD,
    PAYMENT_FAILED,
    OTHER
  }

  /** What becomes of the coupon of an order that is taken back wholly. */
  public enum CouponPolicy {
    /** Its use does not count any more. */
    RELEASE,
    /** Its use counts, and the customer gets a coupon like it, valid for as long as was left. */
    RELEASE_AND_REISSUE,
    /** Its use counts. */
    KEEP_USED
  }

  /** What becomes of the discount when what is kept is below the coupon's minimum. */
  public enum BelowMinimum {
    KEEP,
    /** What is kept is charged without it. */
    REPRICE
  }

  /** What becomes of points to be taken back that the customer has not any more. */
  public enum Shortfall {
    DEBT,
    DEDUCT_FROM_REFUND,
    FORGIVE
  }
}
