package orderflow.mail;

import orderflow.RetryPolicy;
import orderflow.consumer.ParseRecords;
import orderflow.platform.camel.BatchStatement;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The e-mail consumer queues confirmations; the sender hands them to the mail server when they are due. */
@Component
class MailConsumer extends RouteBuilder {

  /** The sender knows the server; its name is not in the address. */
  private static final String SMTP = "smtp:server?javaMailSender=#pooledMailSender";

  private final MailQueue queue;
  private final MailSender sender;

  MailConsumer(MailQueue queue, MailSender sender) {
    this.queue = queue;
    this.sender = sender;
  }

  @Override
  public void configure() {
    templatedRoute("batch-consumer").routeId(MailQueue.NAME)
        .parameter("name", MailQueue.NAME)
        .parameter("to", "direct:queue-mails");

    from("direct:queue-mails").routeId("queue-mails").routeConfigurationId(RetryPolicy.CONSUMER)
        .setHeader(BatchStatement.ENTRIES).exchange(batch -> queue.rows(ParseRecords.readings(batch)))
        .setBody(constant(MailQueue.QUEUE))
        .to(BatchStatement.JDBC)
        .process(done -> sender.wake());

    // What the server answers is the sender's to judge, mail by mail.
    from(RouteMailTransport.ENDPOINT).routeId("send-mail").errorHandler(noErrorHandler())
        .to(SMTP);
  }
}
