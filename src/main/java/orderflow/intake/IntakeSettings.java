package orderflow.intake;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How orders that arrive together are committed together.
 *
 * @param writers threads that commit
 * @param batch most orders in one transaction
 * @param queue most orders that wait for one; further ones are turned away
 * @param patience how long a request waits for its order to be saved
 */
@Validated
@ConfigurationProperties("orderflow.intake")
public record IntakeSettings(
    @Min(1) @DefaultValue("2") int writers,
    @Min(1) @DefaultValue("200") int batch,
    @Min(1) @DefaultValue("1000") int queue,
    @DurationMin(millis = 1) @DefaultValue("10s") Duration patience) {}
