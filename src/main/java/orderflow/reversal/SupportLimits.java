package orderflow.reversal;

import java.math.BigDecimal;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How much of one order a caller with the role {@code support} may refund in all.
 *
 * @param supportLimits by currency; in others nothing
 */
@ConfigurationProperties("orderflow.reversals")
public record SupportLimits(Map<String, BigDecimal> supportLimits) {

  public SupportLimits {
    supportLimits = Map.copyOf(supportLimits);
  }

  public BigDecimal of(String currency) {
    return supportLimits.getOrDefault(currency, BigDecimal.ZERO);
  }
}
