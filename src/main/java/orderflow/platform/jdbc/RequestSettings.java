package orderflow.platform.jdbc;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Requests over HTTP, other than the placing of orders.
 *
 * @param maxConcurrent most that are worked on at the same time
 * @param queueCapacity most that wait for that; further ones are answered 503
 * @param timeout how long one waits before it is answered 503
 */
@Validated
@ConfigurationProperties("orderflow.requests")
public record RequestSettings(
    @Min(1) int maxConcurrent,
    @Min(0) int queueCapacity,
    @DurationMin(millis = 1) Duration timeout) {}
