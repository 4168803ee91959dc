package orderflow.consumer;

import java.math.BigDecimal;
import java.util.function.Predicate;

/**
 * The effect that an order should have.
 *
 * @param missing a condition in SQL on the orders {@code slice (id, goods, coupon_code,
 *     customer_email)}, {@code goods} being what was paid for goods: true of those that lack it,
 *     and of some that are owed none
 * @param isOwed of those, by what was paid for goods, which orders it is owed
 */
public record OwedEffect(String missing, Predicate<BigDecimal> isOwed) {

  public OwedEffect(String missing) {
    this(missing, goods -> true);
  }
}
