package orderflow.consumer;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** The consumers of events about orders that are part of the program. */
@Component
public class OrderConsumers {

  private final List<OrderConsumer<?>> all;
  private final Map<String, OrderConsumer<?>> byName;

  public OrderConsumers(List<OrderConsumer<?>> all) {
    this.all = List.copyOf(all);
    this.byName = all.stream().collect(Collectors.toMap(OrderConsumer::name, Function.identity()));
  }

  public List<OrderConsumer<?>> all() {
    return all;
  }

  public List<String> names() {
    return all.stream().map(OrderConsumer::name).toList();
  }

  /** The consumer of this name, which must be one of them. */
  public OrderConsumer<?> get(String name) {
    OrderConsumer<?> consumer = byName.get(name);
    if (consumer == null) {
      throw new IllegalArgumentException("there is no consumer " + name);
    }
    return consumer;
  }
}
