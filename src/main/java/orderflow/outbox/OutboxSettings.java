package orderflow.outbox;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How records leave for Kafka.
 *
 * @param batch most records in one round
 * @param poll how often to look when nobody says that there is something
 */
@ConfigurationProperties("orderflow.outbox")
public record OutboxSettings(@DefaultValue("500") int batch, @DefaultValue("1s") Duration poll) {}
