package orderflow.email;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import orderflow.event.BadEvent;
import orderflow.event.EventRecord;
import orderflow.event.OrderCompleted;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The mails that are to be sent: one confirmation for each order. */
@Service
public class MailQueue {

  private static final ObjectMapper JSON = new JsonMapper();
  private static final int BY_AN_OPERATOR = -1;

  private final Mails mails;
  private final PlacedOrders orders;
  private final Clock clock;

  MailQueue(Mails mails, PlacedOrders orders, Clock clock) {
    this.mails = mails;
    this.orders = orders;
    this.clock = clock;
  }

  /**
   * The mail that a record asks for.
   *
   * @throws BadEvent if it can't be mailed: something a confirmation needs is missing or wrong
   */
  public QueuedMail read(EventRecord event) {
    Confirmation confirmation = Confirmation.read(event.value());
    String text = utf8(Objects.requireNonNull(event.value()));
    return new QueuedMail(confirmation.orderId(), confirmation.customerId(), text, event, false);
  }

  /** A batch as the parameter {@code mails} of {@code sql/queue-mails.sql}: a JSON array. */
  public String parameters(List<QueuedMail> batch) {
    String now = clock.instant().toString();
    ArrayNode rows = JSON.createArrayNode();
    for (QueuedMail mail : batch) {
      EventRecord source = mail.source();
      ObjectNode row = rows.addObject()
          .put("order_id", mail.orderId().toString())
          .put("customer_id", mail.customerId())
          .put("event", mail.event())
          .put("at", now)
          .put("again", mail.again())
          .put("topic", source.topic())
          .put("partition", source.partition())
          .put("offset", source.offset())
          .put("key", source.key());
      if (!source.headers().isEmpty()) {
        row.put("headers", SourceHeaders.json(source.headers()));
      }
    }
    return rows.toString();
  }

  /**
   * Queues an order's confirmation once more, whatever became of it before.
   *
   * @return false if there is no such order, or nobody to write to: the customer's data is erased
   */
  @Transactional
  public boolean resend(UUID orderId) {
    if (mails.queueAgain(orderId, clock.instant())) {
      return true;
    }
    Optional<OrderCompleted> order = orders.find(orderId);
    if (order.isEmpty()) {
      return false;
    }
    byte[] event = order.get().json();
    try {
      Confirmation confirmation = Confirmation.read(event);
      mails.queue(confirmation, utf8(event), OrderCompleted.TOPIC, BY_AN_OPERATOR, clock.instant());
      return true;
    } catch (BadEvent e) {
      return false;
    }
  }

  /** Empties a customer's mails of names and addresses; what is not sent yet will not be. */
  public void blank(String customerId) {
    mails.erase(customerId);
  }

  /** Jackson reads UTF-16 and UTF-32 too, which are no text for PostgreSQL. */
  private static String utf8(byte[] value) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
      if (text.indexOf('\0') < 0) {
        return text;
      }
    } catch (CharacterCodingException e) {
      // told below
    }
    throw new BadEvent("is not in UTF-8");
  }
}
