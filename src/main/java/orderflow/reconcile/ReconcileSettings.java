package orderflow.reconcile;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How orders are looked after whose effects do not come.
 *
 * @param interval how often to look
 * @param minAge how old an order must be for its effects to be missed
 * @param lookBack how far back the first look after a start goes
 */
@Validated
@ConfigurationProperties("orderflow.reconcile")
public record ReconcileSettings(
    @DurationMin(millis = 1) Duration interval, @DurationMin Duration minAge, Duration lookBack) {

  public ReconcileSettings {
    if (lookBack.compareTo(minAge) < 0) {
      throw new IllegalArgumentException(
          "orderflow.reconcile.look-back must be no less than orderflow.reconcile.min-age");
    }
  }
}
