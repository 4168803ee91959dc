package orderflow;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a batch to a consumer's route. What kills that, such as a lack of memory, fails the batch: a parallel
 * multicast hears of exceptions alone, and would wait for the dead branch for ever.
 */
final class Branch implements Processor {

  private static final Logger log = LoggerFactory.getLogger(Branch.class);

  private final ProducerTemplate routes;
  private final String consumer;

  Branch(ProducerTemplate routes, String consumer) {
    this.routes = routes;
    this.consumer = consumer;
  }

  @Override
  public void process(Exchange batch) throws Exception {
    Exchange handled;
    try {
      handled =
          routes.send(
              consumer,
              exchange -> {
                exchange.getMessage().setBody(batch.getMessage().getBody());
                exchange.setProperty(FailurePolicy.RETRY_UNTIL, batch.getProperty(FailurePolicy.RETRY_UNTIL));
              });
    } catch (Error e) {
      log.error("{} died of {}; its batch is read again", consumer, e.toString());
      throw new IllegalStateException(consumer + " died of " + e, e);
    }
    if (handled.getException() != null) {
      throw handled.getException();
    }
    KafkaRecords.holdBack(batch, Halving.held(handled));
  }
}
