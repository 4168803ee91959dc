package orderflow.consumer;

import java.util.ArrayList;
import java.util.List;
import orderflow.outbox.EventType;
import org.springframework.stereotype.Component;

/** The names of all consumers that dead letters can be of, whichever instance runs them. */
@Component
public class ConsumerNames {

  private final OrderConsumers consumers;
  private final OwnConsumerTable own;

  ConsumerNames(OrderConsumers consumers, OwnConsumerTable own) {
    this.consumers = consumers;
    this.own = own;
  }

  /** The consumers that read events of a type. */
  public List<String> reading(EventType type) {
    List<String> names = new ArrayList<>();
    for (OrderConsumer<?> consumer : consumers.all()) {
      if (consumer.reads().contains(type)) {
        names.add(consumer.name());
      }
    }
    if (type == EventType.ORDER_COMPLETED) {
      names.addAll(own.names());
    }
    return names;
  }

  /** The program's own consumers, then those that the shop has added, by name. */
  public List<String> all() {
    List<String> names = new ArrayList<>(consumers.names());
    names.addAll(own.names());
    return names;
  }
}
