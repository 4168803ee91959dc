package orderflow.outbox;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How records leave for Kafka.
 *
 * @param batch most records in one round
 * @param bulkBatch most bulk records in a poll interval while a bulk of orders is being placed, or
 *     the consumers come no further
 * @param bulkMaxLag bulk records leave while consumers lag by fewer records
 * @param pollInterval how often to look when nothing wakes the relay
 */
@Validated
@ConfigurationProperties("orderflow.outbox")
public record OutboxSettings(
    @Min(1) int batch,
    @Min(1) int bulkBatch,
    @Min(1) int bulkMaxLag,
    @DurationMin(millis = 1) Duration pollInterval) {}
