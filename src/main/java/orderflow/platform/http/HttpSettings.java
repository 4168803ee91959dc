package orderflow.platform.http;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How long a request may take to arrive.
 *
 * @param headerTimeout for its headers, in all
 * @param bodyTimeout for its body
 */
@Validated
@ConfigurationProperties("orderflow.http")
record HttpSettings(
    @DurationMin(millis = 1) Duration headerTimeout,
    @DurationMin(millis = 1) Duration bodyTimeout) {}
