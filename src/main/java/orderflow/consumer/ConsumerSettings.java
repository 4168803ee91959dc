package orderflow.consumer;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How completed orders are read. The route takes these as placeholders.
 *
 * @param threads that read
 * @param batch most records handled together
 */
@Validated
@ConfigurationProperties("orderflow.consumer")
record ConsumerSettings(@Min(1) int threads, @Min(1) int batch) {}
