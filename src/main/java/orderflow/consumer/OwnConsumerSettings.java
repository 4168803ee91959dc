package orderflow.consumer;

import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Consumers that a shop adds in files.
 *
 * @param folder the folder with their files, {@code *.camel.yaml}
 * @param giveUpAfter how long an order is tried that can't be applied because something is away
 */
@Validated
@ConfigurationProperties("orderflow.own-consumers")
public record OwnConsumerSettings(Path folder, @DurationMin Duration giveUpAfter) {}
