package orderflow.outbox;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The names of topics and consumer groups on the broker: the logical ones behind a prefix, by which
 * several installations share a broker.
 *
 * @param prefix empty for none
 */
@ConfigurationProperties("orderflow.kafka")
public record KafkaNames(@DefaultValue("") String prefix) {

  /** What Kafka allows in a topic's name. */
  private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9._-]*");

  private static final int LONGEST_NAME = 249;

  public KafkaNames {
    if (!LEGAL.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "orderflow.kafka.prefix must consist of A-Z, a-z, 0-9, '.', '_' and '-', and '"
              + prefix.replaceAll("\\p{Cntrl}", "?")
              + "' does not");
    }
    int most = LONGEST_NAME - longestTopic();
    if (prefix.length() > most) {
      throw new IllegalArgumentException(
          "orderflow.kafka.prefix must have at most %d characters and has %d: Kafka's limit is %d for a whole name"
              .formatted(most, prefix.length(), LONGEST_NAME));
    }
  }

  /** The name that a topic or a group has on the broker. */
  public String of(String name) {
    return prefix + name;
  }

  private static int longestTopic() {
    return Arrays.stream(EventType.values())
        .mapToInt(type -> type.deadLetterTopic().orElse(type.topic()).length())
        .max()
        .orElse(0);
  }
}
