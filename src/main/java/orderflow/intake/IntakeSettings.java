package orderflow.intake;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How orders that arrive together are committed together.
 *
 * @param writers threads that commit
 * @param batch most orders in one transaction
 * @param queue most orders that wait for one; further ones are turned away
 * @param patience how long a request waits for its order to be saved
 */
@ConfigurationProperties("orderflow.intake")
public record IntakeSettings(
    @DefaultValue("2") int writers,
    @DefaultValue("200") int batch,
    @DefaultValue("1000") int queue,
    @DefaultValue("20s") Duration patience) {}
