package orderflow.consumer;

import java.util.List;
import java.util.Optional;
import orderflow.outbox.EventType;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of events about orders. Each bean of this type is one: its route comes from the route
 * template {@code batch-consumer}, and dead letters, metrics and the search for missing effects
 * know it by its name.
 *
 * @param <T> what it needs of a record
 */
public interface OrderConsumer<T> {

  /** The name of its route, dead letters and metrics, such as {@code point-consumer}. */
  String name();

  /** The events that it reads. */
  default List<EventType> reads() {
    return List.of(EventType.ORDER_COMPLETED);
  }

  /**
   * Reads what it needs of a record; null if there is nothing to do for it.
   *
   * @throws InvalidEvent if it can never use this record
   */
  @Nullable T read(EventRecord record);

  /** What it is to do for what it has read, in a few words. */
  default String words(T read) {
    return "has what is needed";
  }

  /** The events that it publishes. */
  default List<EventType> publishes() {
    return List.of();
  }

  /** What an order lacks without it; empty if it leaves nothing in this database. */
  default Optional<OwedEffect> owed() {
    return Optional.empty();
  }
}
