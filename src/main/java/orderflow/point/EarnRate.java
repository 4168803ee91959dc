package orderflow.point;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many points an order earns.
 *
 * @param earnRate points for one unit of the currency, from 0 to 1
 */
@ConfigurationProperties("orderflow.points")
public record EarnRate(@DefaultValue("0.01") BigDecimal earnRate) {

  public EarnRate {
    if (earnRate.signum() < 0 || earnRate.compareTo(BigDecimal.ONE) > 0) {
      throw new IllegalArgumentException("orderflow.points.earn-rate must be from 0 to 1, not " + earnRate);
    }
  }

  /** {@code floor(total × earn rate)}. */
  public long pointsFor(BigDecimal total) {
    return total.multiply(earnRate).setScale(0, RoundingMode.FLOOR).longValueExact();
  }
}
