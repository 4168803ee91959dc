package orderflow.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import orderflow.RetryPolicy;
import orderflow.consumer.EffectMetrics;
import orderflow.consumer.EventRecord;
import orderflow.consumer.InvalidEvent;
import orderflow.consumer.ParseRecords;
import orderflow.consumer.TestConsumers;
import orderflow.deadletter.DeadLetterRoute;
import orderflow.platform.camel.BatchStatement;
import orderflow.platform.camel.UntypedParameters;
import orderflow.platform.jdbc.DatabaseAccess;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mail.DefaultJavaMailSender;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MailConsumerTest extends CamelTestSupport {

  private static final EventRecord GOOD = record(1);
  private static final EventRecord BAD = record(2);

  private final MailQueue queue = mock(MailQueue.class);
  private final MailSender sender = mock(MailSender.class);
  private final EffectMetrics metrics =
      new EffectMetrics(new SimpleMeterRegistry(), Clock.systemUTC());
  private MockEndpoint statement;
  private MockEndpoint deadLetter;
  private MockEndpoint smtp;

  @Override
  public boolean isUseAdviceWith() {
    return true;
  }

  @Override
  protected void bindToRegistry(Registry registry) {
    registry.bind("dataSource", mock(DataSource.class));
    registry.bind("untypedParameters", new UntypedParameters());
    registry.bind("pooledMailSender", new DefaultJavaMailSender());
  }

  @Override
  protected RoutesBuilder[] createRouteBuilders() {
    DatabaseAccess database = new DatabaseAccess(() -> true);
    when(queue.name()).thenReturn(MailQueue.NAME);
    return new RoutesBuilder[] {
      new RetryPolicy(database, TestConsumers.REDELIVERY),
      TestConsumers.template(List.of(queue), database),
      new MailConsumer(queue, sender, metrics)
    };
  }

  @BeforeEach
  void mockTheEnds() throws Exception {
    AdviceWith.adviceWith(
        context,
        "email-consumer",
        route -> route.weaveByToUri("direct:dead-letter").replace().to("mock:dead-letter"));
    AdviceWith.adviceWith(
        context,
        "queue-mails",
        route -> route.weaveByToUri("jdbc:*").replace().to("mock:statement"));
    AdviceWith.adviceWith(
        context, "send-mail", route -> route.weaveByToUri("smtp:*").replace().to("mock:smtp"));
    context.start();
    statement = getMockEndpoint("mock:statement");
    deadLetter = getMockEndpoint("mock:dead-letter");
    smtp = getMockEndpoint("mock:smtp");
    when(queue.read(GOOD))
        .thenReturn(new QueuedMail(new UUID(0, 1), "CONFIRMATION", "c-1", null, "{}"));
    when(queue.read(BAD)).thenThrow(new InvalidEvent("items is no list with an item in it"));
    when(queue.rows(any())).thenReturn("[rows]");
  }

  @Test
  void queuesABatchInOneStatementThenWakesTheSender() throws Exception {
    statement.expectedMessageCount(1);
    statement.expectedHeaderReceived(BatchStatement.ENTRIES, "[rows]");

    template.sendBody("direct:email-consumer", List.of(GOOD, GOOD));

    statement.assertIsSatisfied();
    assertThat(statement.getExchanges().get(0).getMessage().getBody())
        .isEqualTo(MailQueue.QUEUE.strip());
    verify(queue).rows(argThat(batch -> batch.size() == 2));
    verify(sender).wake();
  }

  @Test
  void filesWhatCannotBeMailedAndQueuesItsNeighbours() throws Exception {
    statement.expectedMessageCount(1);
    deadLetter.expectedPropertyReceived(DeadLetterRoute.CONSUMER, "email-consumer");

    template.sendBody("direct:email-consumer", List.of(BAD, GOOD));

    MockEndpoint.assertIsSatisfied(context);
    assertThat(ParseRecords.failed(deadLetter.getExchanges().get(0)))
        .singleElement()
        .satisfies(failed -> assertThat(failed.record()).isSameAs(BAD));
  }

  @Test
  void asksTheDatabaseForNothingWhenNothingCanBeMailed() throws Exception {
    statement.expectedMessageCount(0);

    template.sendBody("direct:email-consumer", List.of(BAD));

    statement.assertIsSatisfied();
    verify(sender, never()).wake();
  }

  @Test
  void handsTheMailItselfToTheServerAndItsAnswerBack() throws Exception {
    MimeMessage mail = new MimeMessage((Session) null);
    smtp.expectedBodiesReceived(mail);
    RouteMailTransport transmission = new RouteMailTransport(template);
    transmission.send(mail);
    smtp.assertIsSatisfied();
    assertThat(smtp.getExchanges().get(0).getMessage().getHeaders()).isEmpty();

    smtp.whenAnyExchangeReceived(
        exchange -> {
          throw new MessagingException("550 no");
        });
    assertThatThrownBy(() -> transmission.send(mail))
        .isInstanceOf(MessagingException.class)
        .hasMessage("550 no");
  }

  private static EventRecord record(long offset) {
    return new EventRecord(
        "order.completed", 0, offset, null, "{}".getBytes(StandardCharsets.UTF_8), Map.of());
  }
}
