package orderflow.intake;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import orderflow.order.Amount;
import orderflow.order.Customer;
import orderflow.order.Item;
import orderflow.order.NewOrder;
import org.jspecify.annotations.Nullable;

/** Orders for tests. */
final class NewOrders {

  private NewOrders() {}

  static NewOrder order(String customer, @Nullable String coupon, @Nullable String reference) {
    return new NewOrder(
        new Customer(customer, "kim@example.com", "Kim", "ko", null),
        Currency.getInstance("KRW"),
        List.of(
            new Item("TS-001", "Shirt", 2, new BigDecimal("39000")),
            new Item("HT-001", "Hat", 1, new BigDecimal("5000"))),
        coupon,
        reference);
  }

  static NewOrder withPhone(String customer, String coupon, String reference) {
    NewOrder order = order(customer, coupon, reference);
    return new NewOrder(withPhone(customer), order.currency(), order.items(), coupon, reference);
  }

  /** One with everything that an order can have. */
  static NewOrder full(String customer, String coupon, String reference) {
    NewOrder order = order(customer, coupon, reference);
    return new NewOrder(
        withPhone(customer),
        order.currency(),
        order.items(),
        coupon,
        List.of(new Amount("Sale", new BigDecimal("1000"))),
        List.of(new Amount("Shipping", new BigDecimal("3000"))),
        "1001",
        reference,
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  }

  private static Customer withPhone(String id) {
    return new Customer(id, "kim@example.com", "Kim", "ko", "010-1234-5678");
  }
}
