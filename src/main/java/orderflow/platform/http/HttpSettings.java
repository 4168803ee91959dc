package orderflow.platform.http;

import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How long a request may take to arrive, and from which pages it may come.
 *
 * @param headerTimeout for its headers, in all
 * @param bodyTimeout for its body
 * @param allowedOrigins whose pages may make calls; empty for none
 */
@Validated
@ConfigurationProperties("orderflow.http")
record HttpSettings(
    @DurationMin(millis = 1) Duration headerTimeout,
    @DurationMin(millis = 1) Duration bodyTimeout,
    List<
            @Pattern(
                regexp = "\\*|https?://[^/\\s,]+",
                message = "must be an origin such as https://shop.example")
            String>
        allowedOrigins) {}
