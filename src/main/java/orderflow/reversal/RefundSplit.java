package orderflow.reversal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;

/**
 * What each unit of an order's items was paid with, in whole smallest units of the currency.
 *
 * <p>A reduction is shared out by price: with C(i) the sum of the first i lines, S that of all and
 * D the reductions, line i bears {@code floor(D·C(i)/S) − floor(D·C(i−1)/S)}. Of what is left of a
 * line of q units, N, the units from a to b are worth {@code floor(N·b/q) − floor(N·a/q)}. Both are
 * differences of one running sum: the shares add up to D, and any sequence of returns to N, to the
 * smallest unit.
 */
final class RefundSplit {

  private final int digits;
  private final List<BigInteger> prices = new ArrayList<>();
  private final List<BigInteger> shares = new ArrayList<>();
  private final List<Integer> quantities = new ArrayList<>();

  /**
   * @param reductions everything that was taken off the items' sum
   */
  RefundSplit(List<OrderToReverse.Line> lines, BigDecimal reductions, Currency currency) {
    digits = currency.getDefaultFractionDigits();
    BigInteger sum = BigInteger.ZERO;
    for (OrderToReverse.Line line : lines) {
      BigInteger price = units(line.unitPrice()).multiply(BigInteger.valueOf(line.quantity()));
      prices.add(price);
      quantities.add(line.quantity());
      sum = sum.add(price);
    }
    BigInteger reduction = units(reductions);
    BigInteger running = BigInteger.ZERO;
    BigInteger borne = BigInteger.ZERO;
    for (BigInteger price : prices) {
      running = running.add(price);
      BigInteger until =
          sum.signum() == 0 ? BigInteger.ZERO : reduction.multiply(running).divide(sum);
      shares.add(until.subtract(borne));
      borne = until;
    }
  }

  /** What the units of a line from {@code from} to {@code to} cost before reductions. */
  BigDecimal listPrice(int line, int from, int to) {
    return part(prices.get(line), line, from, to);
  }

  /** What the units of a line from {@code from} to {@code to} were paid with. */
  BigDecimal paid(int line, int from, int to) {
    return part(prices.get(line).subtract(shares.get(line)), line, from, to);
  }

  /** Of the reductions, what the units of a line from {@code from} to {@code to} bear. */
  BigDecimal discountShare(int line, int from, int to) {
    return listPrice(line, from, to).subtract(paid(line, from, to));
  }

  private BigDecimal part(BigInteger whole, int line, int from, int to) {
    BigInteger quantity = BigInteger.valueOf(quantities.get(line));
    BigInteger until = whole.multiply(BigInteger.valueOf(to)).divide(quantity);
    BigInteger before = whole.multiply(BigInteger.valueOf(from)).divide(quantity);
    return new BigDecimal(until.subtract(before), digits);
  }

  private BigInteger units(BigDecimal amount) {
    return amount.movePointRight(digits).toBigIntegerExact();
  }
}
