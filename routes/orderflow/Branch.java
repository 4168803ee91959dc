package orderflow;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;

/**
 * Gives a batch to a consumer's route. What kills that, such as a lack of memory, fails the batch: a parallel
 * multicast hears of exceptions alone, and would wait for the dead branch for ever.
 */
final class Branch implements Processor {

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
      handled = routes.send(consumer, exchange -> exchange.getMessage().setBody(batch.getMessage().getBody()));
    } catch (Error e) {
      throw new IllegalStateException(consumer + " died of " + e, e);
    }
    if (handled.getException() != null) {
      throw handled.getException();
    }
  }
}
