package orderflow.deadletter;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How dead letters are replayed and kept.
 *
 * @param replayRate most replays in a second, by one instance
 * @param settledRetention how long one is kept after it was replayed or discarded
 */
@Validated
@ConfigurationProperties("orderflow.dead-letters")
public record DeadLetterSettings(@Min(1) int replayRate, @DurationMin Duration settledRetention) {}
