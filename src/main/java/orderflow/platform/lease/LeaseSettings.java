package orderflow.platform.lease;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How instances share work.
 *
 * @param duration how long an instance may be silent before another one takes over its work
 */
@Validated
@ConfigurationProperties("orderflow.lease")
public record LeaseSettings(@DurationMin(seconds = 2) Duration duration) {}
