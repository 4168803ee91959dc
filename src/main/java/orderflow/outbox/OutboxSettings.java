package orderflow.outbox;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How records leave for Kafka.
 *
 * @param batch most records in one round
 * @param bulkBatch most bulk records in a poll interval while a bulk of orders is being placed, or
 *     the consumers come no further
 * @param bulkAhead bulk records leave while consumers have fewer than so many before them
 * @param poll how often to look when nobody says that there is something
 */
@Validated
@ConfigurationProperties("orderflow.outbox")
public record OutboxSettings(
    @Min(1) @DefaultValue("500") int batch,
    @Min(1) @DefaultValue("100") int bulkBatch,
    @Min(1) @DefaultValue("2000") int bulkAhead,
    @DurationMin(millis = 1) @DefaultValue("1s") Duration poll) {}
