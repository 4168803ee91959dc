package orderflow.reversal;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import orderflow.platform.json.Violation;

/** What became of a wish to reverse. */
public sealed interface ReversalResult {

  /**
   * It is done, or was done before under the same reference.
   *
   * @param plan a {@link ReversalPlan}'s JSON
   */
  record Done(UUID id, JsonNode plan, boolean replayed) implements ReversalResult {}

  /** There is no such order. */
  record Unknown() implements ReversalResult {}

  /** The request names what the order does not have; said of one reversal among several only. */
  record Invalid(List<Violation> faults) implements ReversalResult {}

  record AlreadyCancelled() implements ReversalResult {}

  /** Only what is left can be returned. */
  record HasReturns() implements ReversalResult {}

  /** More is to be returned than is left. */
  record NothingLeft(List<ReversalRequest.ReturnedItem> remaining) implements ReversalResult {}

  record RefundOverTotal(BigDecimal maximum) implements ReversalResult {}

  /** The reference stands for another reversal of the order. */
  record ReferenceTaken() implements ReversalResult {}

  /** The order has changed since its version was read. */
  record OtherVersion(int version) implements ReversalResult {}

  /**
   * The actor may not refund so much of an order.
   *
   * @param limit zero for a currency without a limit of its own
   */
  record OverLimit(BigDecimal limit) implements ReversalResult {}
}
