package orderflow.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.mail.internet.InternetAddress;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import orderflow.OrderflowTest;
import orderflow.RealServers;
import orderflow.consumer.EventRecord;
import orderflow.order.OrderNumbers;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** From the consumer's route through PostgreSQL, the sender and camel-mail to the mailbox. */
@OrderflowTest
class MailJourneyTest {

  @Autowired ProducerTemplate routes;

  @Test
  void anEventBecomesOneMailInTheMailbox() throws Exception {
    UUID order = UUID.randomUUID();
    EventRecord record =
        new EventRecord("order.completed", 0, 1, null, Events.event(order, event -> {}), Map.of());

    routes.sendBody("direct:email-consumer", List.of(record, record));
    routes.sendBody("direct:email-consumer", List.of(record));

    await().until(() -> mails(order).count() >= 1);
    Received mail = mails(order).findFirst().orElseThrow();
    assertThat(((InternetAddress) mail.message().getAllRecipients()[0]).getPersonal())
        .isEqualTo("김민지");
    assertThat(mail.text()).contains("린넨 셔츠", "₩70,200");
    assertThat(mail.html()).contains("린넨 셔츠", "₩70,200");
    assertThat(mails(order)).hasSize(1);
  }

  @Test
  void aGermanCustomersMailIsInGerman() throws Exception {
    UUID order = UUID.randomUUID();
    byte[] event = Events.event(order, e -> Events.customer(e).put("locale", "de-DE"));

    routes.sendBody(
        "direct:email-consumer",
        List.of(new EventRecord("order.completed", 0, 2, null, event, Map.of())));

    await().until(() -> mails(order).count() >= 1);
    Received mail = mails(order).findFirst().orElseThrow();
    assertThat(mail.message().getSubject())
        .isEqualTo("Bestellbestätigung (" + OrderNumbers.of(order) + ")");
    assertThat(mail.message().getHeader("Content-Language")).containsExactly("de");
    assertThat(mail.text().replace('\u00a0', ' '))
        .contains("Bestelldatum: 22. November 2026", "Gesamtbetrag: 70.200 ₩");
    assertThat(mail.html().replace('\u00a0', ' ')).contains("lang=\"de\"", "70.200 ₩");
  }

  private static Stream<Received> mails(UUID order) {
    return RealServers.mailbox().mails().stream()
        .filter(mail -> mail.header("X-Order-Id").filter(order.toString()::equals).isPresent())
        .map(mail -> Received.of(mail.message()));
  }
}
