package orderflow.point;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How many points an order earns.
 *
 * @param earnRate points for one unit of the currency, from 0 to 1
 */
@Validated
@ConfigurationProperties("orderflow.points")
public record EarnRate(@DecimalMin("0") @DecimalMax("1") BigDecimal earnRate) {

  /**
   * {@code floor(goods × earn rate)}.
   *
   * @param goods what was paid for goods: the subtotal without reductions
   */
  public long pointsFor(BigDecimal goods) {
    return goods.multiply(earnRate).setScale(0, RoundingMode.FLOOR).longValueExact();
  }
}
