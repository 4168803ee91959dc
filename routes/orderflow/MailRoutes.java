package orderflow;

import orderflow.email.MailQueue;
import orderflow.email.MailSender;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The e-mail consumer queues confirmations; the sender hands them to the mail server when they are due. */
@Component
class MailRoutes extends RouteBuilder {

  /** The property that is true where the batch is a dead letter replayed: what was given up on is sent again. */
  static final String REPLAY = "replay";

  static final String SEND = "direct:send-mail";

  /** The sender knows the server; its name is not in the address. */
  private static final String SMTP = "smtp:server?javaMailSender=#pooledMailSender";

  private final MailQueue queue;
  private final MailSender sender;

  MailRoutes(MailQueue queue, MailSender sender) {
    this.queue = queue;
    this.sender = sender;
  }

  @Override
  public void configure() {
    from("direct:email-consumer").routeId("email-consumer").routeConfigurationId(FailurePolicy.PERSISTENT)
        .setProperty(DeadLetterRoute.CONSUMER, constant("email-consumer"))
        .process(new Triage<>(queue::read))
        .to("direct:dead-letter")
        .to("direct:queue-mails");

    from("direct:queue-mails").routeId("queue-mails").routeConfigurationId(FailurePolicy.HALVING)
        .filter(Batch::isInBody)
            .process(Batch.REMEMBER)
            .setHeader("entries").exchange(
                exchange -> queue.rows(Batch.of(exchange), exchange.getProperty(REPLAY, false, Boolean.class)))
            .setBody(constant(MailQueue.QUEUE))
            .to(Batch.STATEMENT)
            .process(exchange -> sender.wake());

    // What the server answers is the sender's to judge, mail by mail.
    from(SEND).routeId("send-mail").errorHandler(noErrorHandler())
        .to(SMTP);
  }
}
