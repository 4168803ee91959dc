package orderflow.deadletter;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How dead letters are replayed and kept.
 *
 * @param replayRate most replays in a second
 * @param keepSettled how long one is kept after it was replayed or discarded
 */
@ConfigurationProperties("orderflow.dead-letters")
public record DeadLetterSettings(
    @DefaultValue("100") int replayRate, @DefaultValue("90d") Duration keepSettled) {

  public DeadLetterSettings {
    if (replayRate < 1) {
      throw new IllegalArgumentException(
          "orderflow.dead-letters.replay-rate must be at least 1, not " + replayRate);
    }
  }
}
