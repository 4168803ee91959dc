package orderflow.mail;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.function.Consumer;
import orderflow.point.EarnRate;

/** Order events for tests, and what writes their mails. */
final class Events {

  static final Instant NOW = Instant.parse("2026-11-22T05:00:10Z");

  /** When the order was completed. */
  static final Instant COMPLETED = Instant.parse("2026-11-22T05:00:00.123Z");

  private static final JsonMapper JSON = new JsonMapper();

  private Events() {}

  /** Two linen shirts for Minji, with a coupon. */
  static byte[] event(UUID orderId, Consumer<ObjectNode> change) {
    try {
      ObjectNode event =
          (ObjectNode)
              JSON.readTree(
                  """
          {"customer":{"id":"c-1001","email":"minji@example.com","name":"김민지","locale":"ko"},
           "currency":"KRW","items":[{"sku":"TS-001","name":"린넨 셔츠","quantity":2,"unitPrice":"39000"}],
           "subtotal":"78000","discount":"7800","total":"70200","couponCode":"WELCOME10",
           "completedAt":"2026-11-22T05:00:00.123Z"}
          """);
      event.put("orderId", orderId.toString());
      change.accept(event);
      return JSON.writeValueAsString(event).getBytes(StandardCharsets.UTF_8);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static Confirmation confirmation(Consumer<ObjectNode> change) {
    return Confirmation.read(event(new UUID(1, 2), change));
  }

  /** The next day, Minji's two shirts are cancelled. */
  static ReversalNotice notice(Consumer<ObjectNode> change) {
    return notice(new UUID(1, 2), change);
  }

  static ReversalNotice notice(UUID orderId, Consumer<ObjectNode> change) {
    try {
      ObjectNode notice =
          (ObjectNode)
              JSON.readTree(
                  """
          {"orderNumber":"1001",
           "customer":{"id":"c-1001","email":"minji@example.com","name":"김민지","locale":"ko"},
           "currency":"KRW","items":[{"sku":"TS-001","name":"린넨 셔츠","quantity":2,"refund":"70200"}],
           "refund":"73200","charges":"3000","pointsReversed":702,"couponReleased":"WELCOME10",
           "completedAt":"2026-11-22T05:00:00.123Z","reversedAt":"2026-11-23T05:00:00Z"}
          """);
      notice.put("orderId", orderId.toString());
      change.accept(notice);
      return ReversalNotice.read(JSON.writeValueAsBytes(notice));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static ObjectNode item(ObjectNode event) {
    return (ObjectNode) event.at("/items/0");
  }

  static ObjectNode customer(ObjectNode event) {
    return (ObjectNode) event.at("/customer");
  }

  static OrderMails mails(Path templates) {
    MailSettings settings = settings(templates);
    return new OrderMails(
        new ConfirmationModel(new EarnRate(new java.math.BigDecimal("0.01")), settings),
        new ReversalModel(settings),
        settings,
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  static MailSettings settings(Path templates) {
    return new MailSettings(
        "orders@orderflow.example",
        templates,
        "UTC",
        2,
        50,
        Duration.ofSeconds(30),
        Duration.ofHours(1),
        Duration.ofDays(1),
        Duration.ofDays(30));
  }
}
