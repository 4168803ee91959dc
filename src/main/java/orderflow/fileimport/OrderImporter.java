package orderflow.fileimport;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import orderflow.intake.Door;
import orderflow.intake.Intake;
import orderflow.intake.PlacementResult;
import orderflow.order.Amount;
import orderflow.order.NewOrder;
import orderflow.order.OrderReader;
import orderflow.outbox.Priority;
import orderflow.platform.json.ValidationException;
import orderflow.platform.json.Violation;
import org.jspecify.annotations.Nullable;

/**
 * Places the orders of a file.
 *
 * @param lane of their events
 */
record OrderImporter(Intake intake, Priority lane, int batch) implements Importer<NewOrder> {

  @Override
  public FileSubject subject() {
    return FileSubject.ORDERS;
  }

  @Override
  public NewOrder read(ParsedEntry entry) {
    NewOrder read = OrderReader.readReferenced(Objects.requireNonNull(entry.json()));
    BigDecimal ours = read.reducible().add(Amount.sum(read.charges(), read.currency()));
    if (entry.faults().isEmpty() && !isTotal(entry.total(), ours)) {
      throw new ValidationException(
          List.of(
              new Violation(
                  "", "the file's total is " + entry.total() + ", the order's is " + ours)));
    }
    return read;
  }

  private static boolean isTotal(@Nullable String total, BigDecimal ours) {
    try {
      return total == null || ours.compareTo(new BigDecimal(total)) == 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  @Override
  public List<Outcome> take(List<NewOrder> orders, boolean again) {
    return intake.place(Door.FILE, orders, lane, again).stream()
        .map(OrderImporter::outcome)
        .toList();
  }

  private static Outcome outcome(PlacementResult placement) {
    if (placement instanceof PlacementResult.CouponNotRedeemable refused) {
      return Outcome.rejected("/couponCode", "can't be used for this order: " + refused.reason());
    }
    if (placement instanceof PlacementResult.OverSubtotal) {
      return Outcome.rejected("/discounts", OrderReader.OVER_SUBTOTAL);
    }
    if (placement instanceof PlacementResult.ReferenceReused) {
      return Outcome.rejected("/orderRef", "is there already with other content");
    }
    return placement instanceof PlacementResult.Placed ? Outcome.ACCEPTED : Outcome.DUPLICATE;
  }
}
