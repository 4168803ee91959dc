package orderflow.operation;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How long work is done.
 *
 * @param replayRate how many dead letters of a group are replayed in a second unless the call says
 * @param retention how long an operation is kept after it has ended
 */
@Validated
@ConfigurationProperties("orderflow.operations")
public record OperationSettings(
    @Min(1) @Max(FASTEST) int replayRate, @DurationMin Duration retention) {

  /** Of what a call may ask for. */
  public static final int FASTEST = 10_000;
}
