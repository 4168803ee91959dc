package orderflow.platform.trace;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Where traces go, and how many.
 *
 * @param endpoint of OTLP over HTTP, without its path; empty: no traces
 * @param ratio of those that begin here
 * @param maxClientTraces most traces in a second that are recorded because a client says so
 */
@Validated
@ConfigurationProperties("orderflow.tracing")
public record TracingSettings(
    String endpoint,
    @DecimalMin("0.0") @DecimalMax("1.0") double ratio,
    @Min(0) int maxClientTraces) {}
