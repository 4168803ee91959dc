package orderflow.consumer;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Consumers that a shop adds in files.
 *
 * @param folder the folder with their files, {@code *.camel.yaml}
 * @param giveUpAfter how long an order is tried that can't be applied because something is away
 */
@ConfigurationProperties("orderflow.own-consumers")
public record OwnConsumerSettings(
    @DefaultValue("routes") Path folder, @DefaultValue("1d") Duration giveUpAfter) {

  public OwnConsumerSettings {
    if (giveUpAfter.isNegative()) {
      throw new IllegalArgumentException(
          "orderflow.own-consumers.give-up-after must not be below 0");
    }
  }
}
