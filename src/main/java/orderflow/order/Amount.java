package orderflow.order;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;

/**
 * What another system has taken off an order or charged with it: a price reduction, shipping, a
 * tax.
 *
 * @param label as customers read it
 * @param amount over 0, with the decimals of the order's currency
 */
public record Amount(String label, @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal amount) {

  public static BigDecimal sum(List<Amount> amounts, Currency currency) {
    return amounts.stream().map(Amount::amount).reduce(Money.zero(currency), BigDecimal::add);
  }
}
