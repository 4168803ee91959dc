package orderflow.platform.retry;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How consumers retry while something they need is away.
 *
 * @param initialBackoff the first pause, which doubles each time
 * @param maxBackoff the longest pause
 * @param timeout how long a batch is retried
 */
@Validated
@ConfigurationProperties("orderflow.redelivery")
public record RedeliverySettings(
    @DurationMin(millis = 1) Duration initialBackoff,
    @DurationMin(millis = 1) Duration maxBackoff,
    @DurationMin @DurationMax(seconds = 40) Duration timeout) {

  public RedeliverySettings {
    if (maxBackoff.compareTo(initialBackoff) < 0) {
      throw new IllegalArgumentException(
          "orderflow.redelivery.max-backoff must be no less than"
              + " orderflow.redelivery.initial-backoff");
    }
  }
}
