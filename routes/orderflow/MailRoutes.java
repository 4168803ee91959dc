package orderflow;

import orderflow.email.MailQueue;
import orderflow.email.MailSender;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The e-mail consumer queues confirmations; the sender hands them to the mail server when they are due. */
@Component
class MailRoutes extends RouteBuilder {

  /** The sender knows the server; its name is not in the address. */
  private static final String SMTP = "smtp:server?javaMailSender=#pooledMailSender";

  private final MailQueue queue;
  private final MailSender sender;
  private final HeldRecords held;

  MailRoutes(MailQueue queue, MailSender sender, HeldRecords held) {
    this.queue = queue;
    this.sender = sender;
    this.held = held;
  }

  @Override
  public void configure() {
    from("direct:email-consumer").routeId("email-consumer").routeConfigurationId(FailurePolicy.CONSUMER)
        .process(new Triage<>(queue::read))
        .process(new Halving(
            getContext().createProducerTemplate(), "direct:queue-mails", "email-consumer", held))
        .setProperty(DeadLetterRoute.CONSUMER, constant("email-consumer"))
        .to("direct:dead-letter");

    from("direct:queue-mails").routeId("queue-mails").routeConfigurationId(FailurePolicy.CONSUMER)
        .setHeader(Statement.ENTRIES).exchange(batch -> queue.rows(Triage.readings(batch)))
        .setBody(constant(MailQueue.QUEUE))
        .to(Statement.JDBC)
        .process(done -> sender.wake());

    // What the server answers is the sender's to judge, mail by mail.
    from(MailTransmission.ENDPOINT).routeId("send-mail").errorHandler(noErrorHandler())
        .to(SMTP);
  }
}
