package orderflow.mail;

import orderflow.RetryPolicy;
import orderflow.consumer.EffectMetrics;
import orderflow.consumer.ParseRecords;
import orderflow.platform.camel.BatchStatement;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jdbc.JdbcConstants;
import org.springframework.stereotype.Component;

/** The e-mail consumer queues confirmations; the sender hands them to the mail server when they are due. */
@Component
class MailConsumer extends RouteBuilder {

  private static final String RECORDS = "records";

  /** The sender knows the server; its name is not in the address. */
  private static final String SMTP = "smtp:server?javaMailSender=#pooledMailSender";

  private final MailQueue queue;
  private final MailSender sender;
  private final EffectMetrics metrics;

  MailConsumer(MailQueue queue, MailSender sender, EffectMetrics metrics) {
    this.queue = queue;
    this.sender = sender;
    this.metrics = metrics;
  }

  @Override
  public void configure() {
    templatedRoute("batch-consumer").routeId(MailQueue.NAME)
        .parameter("name", MailQueue.NAME)
        .parameter("to", "direct:queue-mails");

    from("direct:queue-mails").routeId("queue-mails").routeConfigurationId(RetryPolicy.CONSUMER)
        .setProperty(RECORDS).exchange(batch -> ParseRecords.readings(batch).size())
        .setHeader(BatchStatement.ENTRIES).exchange(batch -> queue.rows(ParseRecords.readings(batch)))
        .setBody(constant(MailQueue.QUEUE))
        .to(BatchStatement.JDBC)
        .process(done -> sender.wake())
        .process(this::count);

    // What the server answers is the sender's to judge, mail by mail.
    from(RouteMailTransport.ENDPOINT).routeId("send-mail").errorHandler(noErrorHandler())
        .to(SMTP);
  }

  private void count(Exchange exchange) {
    metrics.count(
        MailQueue.NAME,
        exchange.getProperty(RECORDS, Integer.class),
        exchange.getMessage().getHeader(JdbcConstants.JDBC_UPDATE_COUNT, 0, Integer.class));
  }
}
