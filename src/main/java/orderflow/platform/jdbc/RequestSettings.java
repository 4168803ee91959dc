package orderflow.platform.jdbc;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Requests over HTTP, other than the placing of orders.
 *
 * @param atWork most that are worked on at the same time
 * @param queue most that wait for that; further ones are turned away
 * @param timeout how long one waits before it is turned away
 */
@Validated
@ConfigurationProperties("orderflow.requests")
public record RequestSettings(
    @Min(1) int atWork, @Min(0) int queue, @DurationMin(millis = 1) Duration timeout) {}
