package orderflow.order;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;

/**
 * Amounts of money are decimals with exactly the minor-unit digits that ISO 4217 gives their
 * currency.
 */
public final class Money {

  private Money() {}

  public static BigDecimal zero(Currency currency) {
    return BigDecimal.ZERO.setScale(currency.getDefaultFractionDigits());
  }

  /** The amount with the currency's decimals, what is smaller than its smallest unit cut off. */
  public static BigDecimal floor(BigDecimal amount, Currency currency) {
    return amount.setScale(currency.getDefaultFractionDigits(), RoundingMode.FLOOR);
  }

  /**
   * The amount with the currency's decimals, as the interfaces give it: {@code 78000}, {@code
   * 12.50}.
   */
  public static String text(BigDecimal amount, Currency currency) {
    return floor(amount, currency).toPlainString();
  }
}
