package orderflow.consumer;

import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;

/**
 * An order as a shop's own route gets it: the event's JSON is the body, and variables name what is
 * asked for most. Variables do not leave with a message, as headers would over HTTP.
 */
final class OwnOrder {

  /** The property with the endpoint that applies the order. */
  static final String TO = "to";

  private OwnOrder() {}

  /**
   * Reads the event in a record.
   *
   * @throws InvalidEvent if it has no order's id
   */
  static OrderEvent read(EventRecord record) {
    OrderEvent event = record.event();
    event.orderId();
    return event;
  }

  /**
   * Sets the body, and the variables {@code orderId}, {@code eventId} (the same each time the event
   * comes) and {@code replay} (whether an operator has asked for it once more).
   */
  static void describe(ParsedRecord<OrderEvent> reading, Exchange order) {
    EventRecord record = reading.record();
    byte[] id = record.headers().get("ce_id");
    String orderId = reading.value().orderId().toString();
    order.getMessage().setBody(reading.value().json());
    order.setVariable("orderId", orderId);
    order.setVariable("eventId", id == null ? orderId : new String(id, StandardCharsets.UTF_8));
    order.setVariable("replay", record.isReplay());
  }
}
