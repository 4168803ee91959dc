package orderflow.platform.retry;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationFormat;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.validation.annotation.Validated;

/**
 * How consumers retry while something they need is away. Routes take these as placeholders, which
 * Camel reads as 0 if they are written as ISO 8601.
 *
 * @param initialBackoff the first pause, which doubles each time
 * @param maxBackoff the longest pause
 * @param timeout how long a batch is retried
 */
@Validated
@ConfigurationProperties("orderflow.redelivery")
record RedeliverySettings(
    @DurationMin(millis = 1) @DurationFormat(DurationStyle.SIMPLE) Duration initialBackoff,
    @DurationMin(millis = 1) @DurationFormat(DurationStyle.SIMPLE) Duration maxBackoff,
    @DurationMin @DurationMax(seconds = 40) @DurationFormat(DurationStyle.SIMPLE)
        Duration timeout) {

  RedeliverySettings {
    if (maxBackoff.compareTo(initialBackoff) < 0) {
      throw new IllegalArgumentException(
          "orderflow.redelivery.max-backoff must be no less than"
              + " orderflow.redelivery.initial-backoff");
    }
  }
}
