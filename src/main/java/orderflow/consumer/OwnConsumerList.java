package orderflow.consumer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import orderflow.platform.json.TextRule;
import org.springframework.stereotype.Component;

/** The consumers that the shop's files have added to this instance. */
@Component
public class OwnConsumerList {

  /** Part of a group's, a route's and a metric's name. */
  static final TextRule NAME =
      new TextRule(
          "must be 1 to 63 characters a-z, 0-9 and -, the first a letter",
          Pattern.compile("[a-z][a-z0-9-]{0,62}").asMatchPredicate());

  private final OrderConsumers consumers;
  private final Map<String, Start> own = new LinkedHashMap<>();

  OwnConsumerList(OrderConsumers consumers) {
    this.consumers = consumers;
  }

  /** The orders that a consumer gets at its first start. */
  enum Start {
    NOW,
    BEGINNING;

    static Start of(String text) {
      return switch (text) {
        case "now" -> NOW;
        case "beginning" -> BEGINNING;
        default -> throw new IllegalArgumentException("start must be now or beginning");
      };
    }
  }

  /**
   * Adds a consumer.
   *
   * @throws IllegalArgumentException if it can't have this name or start
   */
  synchronized void add(String name, String start) {
    if (!NAME.allows(name)) {
      throw new IllegalArgumentException("name " + NAME.words());
    }
    if (consumers.names().contains(name) || own.containsKey(name)) {
      throw new IllegalArgumentException("there is a consumer " + name + " already");
    }
    own.put(name, Start.of(start));
  }

  synchronized void remove(String name) {
    own.remove(name);
  }

  synchronized Map<String, Start> own() {
    return Map.copyOf(own);
  }

  /** All consumers that this instance runs. */
  public synchronized List<String> here() {
    List<String> names = new ArrayList<>(consumers.names());
    names.addAll(own.keySet());
    return names;
  }
}
