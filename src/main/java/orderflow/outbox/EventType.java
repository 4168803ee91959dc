package orderflow.outbox;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The events there are. Topics stand here under their logical names, which the outbox and the dead
 * letters keep; {@link KafkaNames} has those on the broker.
 */
public enum EventType {
  /** Each order. Other systems write it too, and the consumers read it. */
  ORDER_COMPLETED("order.completed", 6, true),
  /** Each order whose points were booked. */
  POINT_EARNED("point.earned", 6, false),
  /** Each use of a coupon. */
  COUPON_USED("coupon.used", 6, false),
  /** Each order that was cancelled. Other systems write it too, and a consumer reads it. */
  ORDER_CANCELLED("order.cancelled", 6, true),
  /**
   * Each return of some or all of an order. Other systems write it too, and a consumer reads it.
   */
  ORDER_RETURNED("order.returned", 6, true),
  /** Each change of a customer's points that is not an order's earning. */
  POINT_CHANGED("point.changed", 6, false),
  /** Each use of a coupon that was given back. */
  COUPON_RELEASED("coupon.released", 6, false);

  private static final EventType[] TYPES = values();

  private final String topic;
  private final int partitions;
  private final @Nullable String deadLetterTopic;

  /**
   * @param isConsumed whether consumers read it, so that it needs a topic for what they give up on
   */
  EventType(String topic, int partitions, boolean isConsumed) {
    this.topic = topic;
    this.partitions = partitions;
    this.deadLetterTopic = isConsumed ? topic + ".dlt" : null;
  }

  public String topic() {
    return topic;
  }

  public int partitions() {
    return partitions;
  }

  /** The topic of the records that a consumer gave up on. */
  public Optional<String> deadLetterTopic() {
    return Optional.ofNullable(deadLetterTopic);
  }

  /**
   * The key of a record, by which its topic is ordered. Every type is ordered by the customer: the
   * events of one are published and handled in their order.
   */
  public static byte[] key(String customerId) {
    return customerId.getBytes(StandardCharsets.UTF_8);
  }

  /** The type of the event that each of these follows from, where that is always the same. */
  Optional<EventType> cause() {
    return this == POINT_EARNED || this == COUPON_USED
        ? Optional.of(ORDER_COMPLETED)
        : Optional.empty();
  }

  /** The type of a topic's events; empty for a topic of dead letters and for an unknown one. */
  public static Optional<EventType> of(String topic) {
    return Arrays.stream(TYPES).filter(type -> type.topic.equals(topic)).findFirst();
  }

  /** Whether a topic's records keep the headers of the record that they are about. */
  public static boolean isDeadLetterTopic(String topic) {
    for (EventType type : TYPES) { // for each record that is published
      if (topic.equals(type.deadLetterTopic)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Where a record of a topic goes that was given up on. What no consumer reads but the broker
   * refuses follows from a completed order, and goes where that does.
   */
  public static String deadLetterTopicOf(String topic) {
    return of(topic)
        .flatMap(EventType::deadLetterTopic)
        .or(ORDER_COMPLETED::deadLetterTopic)
        .orElseThrow();
  }
}
