package orderflow.mail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import orderflow.platform.http.Cursor;
import orderflow.platform.http.Page;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The mails that are still to be sent, for operators to look at. */
@Repository
public class WaitingMails {

  private static final JsonMapper JSON = new JsonMapper();

  /** Each lane by its own place in the index. */
  private static final String LIST =
      """
      select waiting.* from generate_series(0, 9) as each (lane) cross join lateral (
        select order_id, customer_id, event, attempts, queued_at, next_attempt_at, error
        from mail
        where state = 'QUEUED' and mail.lane = each.lane
          and next_attempt_at >= :at and (next_attempt_at, order_id) > (:at, :order)
        order by next_attempt_at, order_id limit :limit
      ) as waiting
      order by next_attempt_at, order_id limit :limit
      """;

  private final JdbcClient jdbc;

  WaitingMails(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A mail that waits.
   *
   * @param domain the recipient's; null if it is not known
   * @param attempts that failed
   * @param error what the mail server answered last
   */
  public record WaitingMail(
      UUID orderId,
      String customerId,
      @Nullable String domain,
      int attempts,
      Instant queuedAt,
      Instant nextAttemptAt,
      @Nullable String error) {}

  private record Position(Instant at, UUID orderId) {

    static Position parse(String text) {
      int middle = text.indexOf('/');
      return new Position(
          Cursor.time(text.substring(0, middle)), UUID.fromString(text.substring(middle + 1)));
    }

    @Override
    public String toString() {
      return at + "/" + orderId;
    }
  }

  /** Lists the mails, the next one due first. */
  public Page<WaitingMail> list(int limit, @Nullable String cursor) {
    Position after = Cursor.read(cursor, Position::parse);
    return Page.of(
        jdbc.sql(LIST)
            .param("at", (after == null ? Instant.EPOCH : after.at()).atOffset(ZoneOffset.UTC))
            .param("order", after == null ? new UUID(0, 0) : after.orderId())
            .param("limit", limit + 1)
            .query(WaitingMails::mail)
            .list(),
        limit,
        mail -> new Position(mail.nextAttemptAt(), mail.orderId()));
  }

  private static WaitingMail mail(ResultSet row, int n) throws SQLException {
    return new WaitingMail(
        row.getObject("order_id", UUID.class),
        row.getString("customer_id"),
        domain(row.getString("event")),
        row.getInt("attempts"),
        row.getObject("queued_at", OffsetDateTime.class).toInstant(),
        row.getObject("next_attempt_at", OffsetDateTime.class).toInstant(),
        row.getString("error"));
  }

  private static @Nullable String domain(String event) {
    try {
      String address = JSON.readTree(event).at("/customer/email").asText();
      int at = address.lastIndexOf('@');
      return at < 0 ? null : address.substring(at + 1);
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
