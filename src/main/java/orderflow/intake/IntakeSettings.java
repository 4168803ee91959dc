package orderflow.intake;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How orders that arrive together are committed together.
 *
 * @param writerThreads threads that commit, and the transactions at a time
 * @param batch most orders in one transaction
 * @param queueCapacity most orders that wait for one; further ones are answered 503
 * @param timeout how long a request waits for its order to be saved by one of these threads; what
 *     comes alone is committed by its own, which the database's time-outs bound
 */
@Validated
@ConfigurationProperties("orderflow.intake")
public record IntakeSettings(
    @Min(1) int writerThreads,
    @Min(1) int batch,
    @Min(1) int queueCapacity,
    @DurationMin(millis = 1) Duration timeout) {}
