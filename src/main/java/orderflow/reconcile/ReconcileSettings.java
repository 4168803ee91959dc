package orderflow.reconcile;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How orders are looked after whose effects do not come.
 *
 * @param every how often to look
 * @param limit how old an order must be for its effects to be missed
 * @param lookBack how far back the first look after a start goes
 */
@ConfigurationProperties("orderflow.reconcile")
public record ReconcileSettings(
    @DefaultValue("3m") Duration every,
    @DefaultValue("10m") Duration limit,
    @DefaultValue("7d") Duration lookBack) {

  public ReconcileSettings {
    if (every.toMillis() < 1 || limit.isNegative() || lookBack.compareTo(limit) < 0) {
      throw new IllegalArgumentException(
          "orderflow.reconcile: every must be above 0, limit at least 0, and look-back no less than limit");
    }
  }
}
