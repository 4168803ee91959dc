package orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import orderflow.OrderflowTest;
import orderflow.TopicReader;
import orderflow.intake.Door;
import orderflow.intake.Intake;
import orderflow.order.Customer;
import orderflow.order.Item;
import orderflow.order.NewOrder;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@OrderflowTest
class LanesTest {

  @Autowired Intake intake;
  @Autowired BulkThrottle bulkLane;
  @Autowired JdbcClient jdbc;

  private final String run = UUID.randomUUID().toString().substring(0, 8);

  @Test
  void aLiveOrderHasItsEffectsWhileThoseOfABigFileWait() {
    bulkLane.begins();
    try {
      intake.place(
          Door.HTTP,
          IntStream.range(0, 400).mapToObj(i -> order("bulk-" + i)).toList(),
          Priority.BULK,
          false);

      intake.place(Door.HTTP, List.of(order("live")), Priority.LIVE, false);

      await().until(() -> mailed("live") == 1);
      await().until(() -> booked("live") == 1);
    } finally {
      bulkLane.ends();
    }
    await().until(() -> mailed("bulk-%") == 400 && booked("bulk-%") == 400);
    assertThat(
            jdbc.sql(
                    """
                    select count(*) from mail as bulk join mail as live on live.customer_id = ?
                    where bulk.customer_id like ? and bulk.sent_at > live.sent_at
                    """)
                .params(run + "-live", run + "-bulk-%")
                .query(Long.class)
                .single())
        .as("bulk mails that were sent after the live one")
        .isGreaterThan(100);
  }

  @Test
  void aCustomersOrdersAreOnTheTopicInTheirOrderWhicheverLaneTheyAreIn() {
    List<UUID> placed = new ArrayList<>();
    bulkLane.begins();
    try {
      intake.place(
          Door.HTTP,
          IntStream.range(0, 150).mapToObj(i -> order("others-" + i)).toList(),
          Priority.BULK,
          false);
      for (Priority lane :
          List.of(Priority.BULK, Priority.BULK, Priority.LIVE, Priority.BULK, Priority.LIVE)) {
        intake.place(Door.HTTP, List.of(order("mixed")), lane, false);
        placed.add(newest("mixed"));
      }

      assertThat(TopicReader.await("order.completed", 5, message -> message.hasKey(run + "-mixed")))
          .extracting(message -> UUID.fromString(message.header("ce_subject")))
          .containsExactlyElementsOf(placed);
    } finally {
      bulkLane.ends();
    }
    await().until(() -> mailed("others-%") == 150);
  }

  private UUID newest(String customer) {
    return jdbc.sql("select id from orders where customer_id = ? order by id desc limit 1")
        .param(run + "-" + customer)
        .query(UUID.class)
        .single();
  }

  private long mailed(String customers) {
    return count("mail where state = 'SENT'", customers);
  }

  private long booked(String customers) {
    return count("point_entry where points > 0", customers);
  }

  private long count(String what, String customers) {
    return jdbc.sql("select count(*) from " + what + " and customer_id like ?")
        .param(run + "-" + customers)
        .query(Long.class)
        .single();
  }

  private NewOrder order(String customer) {
    return new NewOrder(
        new Customer(run + "-" + customer, "k@example.com", "Kim", "en", null),
        Currency.getInstance("KRW"),
        List.of(new Item("A", "Shirt", 1, BigDecimal.valueOf(1_000))),
        null,
        null);
  }
}
