package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import orderflow.email.MailQueue;
import orderflow.email.MailSender;
import orderflow.email.QueuedMail;
import orderflow.event.BadEvent;
import orderflow.event.EventRecord;
import org.apache.camel.CamelContext;
import org.apache.camel.EndpointInject;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mail.DefaultJavaMailSender;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

@RouteTest
@TestInstance(Lifecycle.PER_CLASS)
@Import({FailurePolicy.class, MailRoutes.class, MailTransmission.class})
class MailRoutesTest {

  private static final EventRecord GOOD = record(1);
  private static final EventRecord BAD = record(2);

  @Autowired CamelContext camel;
  @Autowired ProducerTemplate producer;
  @Autowired MailTransmission transmission;
  @MockitoBean DataSource dataSource;
  @MockitoBean MailQueue queue;
  @MockitoBean MailSender sender;
  @MockitoBean(name = "pooledMailSender") DefaultJavaMailSender server;

  private boolean mocked;

  @EndpointInject("mock:statement")
  MockEndpoint statement;

  @EndpointInject("mock:dead-letter")
  MockEndpoint deadLetter;

  @EndpointInject("mock:smtp")
  MockEndpoint smtp;

  private void mockTheEnds() throws Exception {
    AdviceWith.adviceWith(camel, "email-consumer",
        route -> route.weaveByToUri("direct:dead-letter").replace().to("mock:dead-letter"));
    AdviceWith.adviceWith(camel, "queue-mails", route -> route.weaveByToUri("jdbc:*").replace().to("mock:statement"));
    AdviceWith.adviceWith(camel, "send-mail", route -> route.weaveByToUri("smtp:*").replace().to("mock:smtp"));
    camel.start();
  }

  @BeforeEach
  void readOneAndRefuseTheOther() throws Exception {
    if (!mocked) {
      mockTheEnds();
      mocked = true;
    }
    MockEndpoint.resetMocks(camel);
    when(queue.read(GOOD)).thenReturn(new QueuedMail(new UUID(0, 1), "c-1", "{}"));
    when(queue.read(BAD)).thenThrow(new BadEvent("items is no list with an item in it"));
    when(queue.rows(any())).thenReturn("[rows]");
  }

  @Test
  void queuesABatchInOneStatementThenWakesTheSender() throws Exception {
    statement.expectedBodiesReceived(MailQueue.QUEUE);
    statement.expectedHeaderReceived(Statement.ENTRIES, "[rows]");

    producer.sendBody("direct:email-consumer", List.of(GOOD, GOOD));

    statement.assertIsSatisfied();
    verify(queue).rows(argThat(batch -> batch.size() == 2));
    verify(sender).wake();
  }

  @Test
  void filesWhatCannotBeMailedAndQueuesItsNeighbours() throws Exception {
    statement.expectedMessageCount(1);
    deadLetter.expectedPropertyReceived(DeadLetterRoute.CONSUMER, "email-consumer");

    producer.sendBody("direct:email-consumer", List.of(BAD, GOOD));

    MockEndpoint.assertIsSatisfied(camel);
    assertThat(Triage.failed(deadLetter.getExchanges().get(0))).singleElement()
        .satisfies(failed -> assertThat(failed.record()).isSameAs(BAD));
  }

  @Test
  void asksTheDatabaseForNothingWhenNothingCanBeMailed() throws Exception {
    statement.expectedMessageCount(0);

    producer.sendBody("direct:email-consumer", List.of(BAD));

    statement.assertIsSatisfied();
    verify(sender, never()).wake();
  }

  @Test
  void handsTheMailItselfToTheServerAndItsAnswerBack() throws Exception {
    MimeMessage mail = new MimeMessage((Session) null);
    smtp.expectedBodiesReceived(mail);
    transmission.send(mail);
    smtp.assertIsSatisfied();
    assertThat(smtp.getExchanges().get(0).getMessage().getHeaders()).isEmpty();

    smtp.whenAnyExchangeReceived(exchange -> {
      throw new MessagingException("550 no");
    });
    assertThatThrownBy(() -> transmission.send(mail)).isInstanceOf(MessagingException.class).hasMessage("550 no");
  }

  private static EventRecord record(long offset) {
    return new EventRecord("order.completed", 0, offset, null, "{}".getBytes(StandardCharsets.UTF_8), Map.of());
  }
}
