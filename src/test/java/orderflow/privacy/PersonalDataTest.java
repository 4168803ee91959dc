package orderflow.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import orderflow.email.MailQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class PersonalDataTest {

  private static final DataSource DATABASE = FreshDatabase.named("privacy");
  private static final String EVENT =
      """
      {"orderId":"o","customer":{"id":"c-1","email":"minji@example.com","name":"김민지","locale":"ko",
       "phone":"010-1234"},"items":[{"sku":"S","name":"셔츠","quantity":1,"unitPrice":"1.50"}],"total":"1.50",
       "shippingAddress":"서울"}""";

  private final JdbcClient jdbc = JdbcClient.create(DATABASE);
  private final MailQueue mails = mock(MailQueue.class);
  private final PersonalData personalData = new PersonalData(jdbc, mails);

  @BeforeEach
  void begin() {
    jdbc.sql("truncate orders, mail, outbox, dead_letter").update();
    order("c-1", "minji@example.com", "김민지");
    order("c-2", "lee@example.com", "이영희");
  }

  @Test
  void ordersLoseNameAndAddressAndKeepTheMoney() {
    byte[] before = fingerprint();

    personalData.erase("c-1");

    assertThat(texts("select customer_id || customer_email || customer_name || total from orders"))
        .containsExactlyInAnyOrder("c-1100", "c-2lee@example.com이영희100");
    assertThat(fingerprint()).isNotEqualTo(before).hasSize(32);
    verify(mails).blank("c-1");
  }

  @Test
  void eventsThatWaitLoseAllThatIsPersonalWhateverTheirKeyIs() {
    outbox("c-1", EVENT);
    outbox(null, EVENT);
    outbox("c-1", "{\"orderId\":\"o\",\"customerId\":\"c-1\",\"points\":7}");
    outbox("c-2", EVENT.replace("c-1", "c-2"));

    personalData.erase("c-1");

    List<String> left = texts("select convert_from(payload, 'UTF8') from outbox order by id");
    assertThat(left.get(0))
        .isEqualTo(
            "{\"orderId\":\"o\",\"customer\":{\"id\":\"c-1\",\"locale\":\"ko\",\"email\":\"\",\"name\":\"\"},"
                + "\"items\":[{\"sku\":\"S\",\"name\":\"셔츠\",\"quantity\":1,\"unitPrice\":\"1.50\"}],"
                + "\"total\":\"1.50\"}");
    assertThat(left.get(1)).isEqualTo(left.get(0));
    assertThat(left.get(2)).contains("\"points\":7");
    assertThat(left.get(3)).as("another customer's").contains("김민지");
  }

  @Test
  void deadLettersLoseItToo() {
    letter(null, "c-1", EVENT, "bad");
    letter("c-1", null, "broken 김민지", "bad");
    letter("c-1", null, "{\"broken\":\"김민지", "bad");
    letter(null, null, "to <minji@example.com>, cut o", "550 minji@example.com is unknown");
    letter("c-2", null, "broken 이영희", "bad");

    personalData.erase("c-1");
    personalData.erase("c-1");

    assertThat(texts("select coalesce(convert_from(payload, 'UTF8'), '') from dead_letter"))
        .hasSize(5)
        .noneMatch(payload -> payload.contains("김민지") || payload.contains("minji"))
        .anyMatch(payload -> payload.contains("\"total\":\"1.50\""))
        .contains("broken 이영희");
    assertThat(texts("select error from dead_letter"))
        .contains("550 *** is unknown")
        .noneMatch(error -> error.contains("minji"));
    assertThat(texts("select headers::text from dead_letter where customer_id = 'c-1'"))
        .containsOnlyNulls();
  }

  private void order(String customer, String address, String name) {
    jdbc.sql(
            """
            insert into orders values (?, ?, sha256('x'), ?, ?, ?, 'ko', 'KRW', 100, 0, 100, null, now())
            """)
        .params(UUID.randomUUID(), customer, customer, address, name)
        .update();
  }

  private byte[] fingerprint() {
    return jdbc.sql("select fingerprint from orders where customer_id = 'c-1'")
        .query(byte[].class)
        .single();
  }

  private void outbox(@Nullable String key, String payload) {
    jdbc.sql("insert into outbox (topic, key, payload, created_at) values ('t', ?, ?, now())")
        .params(bytes(key), bytes(payload))
        .update();
  }

  /** All at one place, as records that the broker refused are. */
  private void letter(
      @Nullable String key, @Nullable String customer, String payload, String error) {
    jdbc.sql(
            """
            insert into dead_letter
              (consumer, topic, partition, "offset", key, payload, headers, customer_id, error, failed_at)
            values ('point-consumer', 'order.completed', -1, -1, ?, ?, '{"x":"eA=="}', ?, ?, now())
            """)
        .params(bytes(key), bytes(payload), customer, error)
        .update();
  }

  private List<String> texts(String sql) {
    return jdbc.sql(sql).query(String.class).list();
  }

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }
}
