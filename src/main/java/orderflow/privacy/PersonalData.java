package orderflow.privacy;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import orderflow.email.MailQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Blanks customers' names and addresses in everything that is stored; amounts and ids stay. */
@Component
public class PersonalData {

  private final JdbcClient jdbc;
  private final MailQueue mails;

  PersonalData(JdbcClient jdbc, MailQueue mails) {
    this.jdbc = jdbc;
    this.mails = mails;
  }

  /** Erases a customer's data. Mails that are still queued will not be sent. */
  @Transactional
  public void erase(String customerId) {
    Set<String> addresses = addresses(customerId);
    // The fingerprint was made of the name and the address too: it must not be there to try them
    // on.
    jdbc.sql(
            """
            update orders set customer_name = '', customer_email = '',
              fingerprint = case when fingerprint is null then null else sha256(uuid_send(gen_random_uuid())) end
            where customer_id = ?
            """)
        .param(customerId)
        .update();
    mails.blank(customerId);
    blank("outbox", customerId, addresses);
    blank("dead_letter", customerId, addresses);
    jdbc.sql("update dead_letter set headers = null where customer_id = ?")
        .param(customerId)
        .update();
    for (String address : addresses) {
      jdbc.sql(
              "update dead_letter set error = replace(error, :address, '***') where position(:address in error) > 0")
          .param("address", address)
          .update();
    }
  }

  /**
   * The addresses the customer has had in orders and mails: a broken record may bear one and
   * nothing else.
   */
  private Set<String> addresses(String customerId) {
    Set<String> addresses =
        new HashSet<>(
            jdbc.sql("select distinct customer_email from orders where customer_id = ?")
                .param(customerId)
                .query(String.class)
                .list());
    jdbc.sql("select event from mail where customer_id = ? and event <> ''")
        .param(customerId)
        .query(String.class)
        .list()
        .forEach(event -> PersonalPayload.of(utf8(event)).address().ifPresent(addresses::add));
    addresses.remove("");
    return addresses;
  }

  /**
   * Looks at the records that mention the customer's id or an address anywhere: the key may be
   * another one, or none.
   */
  private void blank(String table, String customerId, Set<String> addresses) {
    Set<String> words = new HashSet<>(addresses);
    words.add(customerId);
    List<Stored> mentioned =
        jdbc.sql(
                """
                select id, key, payload from %s
                where key = :key or exists (
                  select from unnest(:words) word
                  where position(convert_to(word, 'UTF8') in coalesce(payload, '')) > 0)
                for update
                """
                    .formatted(table))
            .param("key", utf8(customerId))
            .param("words", words.toArray(String[]::new))
            .query(
                (row, n) ->
                    new Stored(row.getLong("id"), row.getBytes("key"), row.getBytes("payload")))
            .list();
    for (Stored record : mentioned) {
      PersonalPayload payload = PersonalPayload.of(record.payload());
      if (payload.isOf(customerId, record.key(), addresses)) {
        jdbc.sql("update " + table + " set payload = ? where id = ?")
            .params(payload.blanked(record.id()), record.id())
            .update();
      }
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Stored(long id, byte @Nullable [] key, byte @Nullable [] payload) {}
}
