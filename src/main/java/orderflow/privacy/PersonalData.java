package orderflow.privacy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import orderflow.email.MailQueue;
import orderflow.json.BoundedNumbers;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Blanks customers' names and addresses in everything that is stored; amounts and ids stay. */
@Component
public class PersonalData {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new BoundedNumbers())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final JdbcTemplate jdbc;
  private final MailQueue mails;

  PersonalData(JdbcTemplate jdbc, MailQueue mails) {
    this.jdbc = jdbc;
    this.mails = mails;
  }

  /** Erases a customer's data. Mails that are still queued will not be sent. */
  @Transactional
  public void erase(String customerId) {
    byte[] key = customerId.getBytes(StandardCharsets.UTF_8);
    jdbc.update(
        "update orders set customer_name = '', customer_email = '' where customer_id = ?",
        customerId);
    mails.blank(customerId);
    blank("outbox", "key = ?", key);
    blank("dead_letter", "customer_id = ?", customerId);
    blank("dead_letter", "customer_id is null and key = ?", key);
  }

  private void blank(String table, String condition, Object value) {
    jdbc.query(
        "select id, payload from " + table + " where " + condition + " for update",
        row -> {
          byte[] blanked = blanked(row.getBytes("payload"));
          jdbc.update(
              "update " + table + " set payload = ? where id = ?", blanked, row.getLong("id"));
        },
        value);
  }

  /**
   * The event without what is personal; nothing of what is no event, because that may be anywhere
   * in it.
   */
  private static byte @Nullable [] blanked(byte @Nullable [] payload) {
    try {
      JsonNode event = payload == null ? null : JSON.readTree(payload);
      if (event == null || !event.isObject()) {
        return null;
      }
      if (event.get("customer") instanceof ObjectNode customer) {
        customer.put("email", "").put("name", "");
      }
      return JSON.writeValueAsBytes(event);
    } catch (IOException e) {
      return null;
    }
  }
}
