package orderflow.consumer;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a batch to a consumer's route. What kills that, such as a lack of memory, fails the batch:
 * a parallel multicast hears of exceptions alone, and would wait for the dead branch for ever. The
 * route runs on threads of its own, which end with it: Camel keeps what an Error left undone with
 * its thread, and the next batch there would hang.
 */
public final class Branch implements Processor {

  private static final Logger log = LoggerFactory.getLogger(Branch.class);

  private final ProducerTemplate routes;
  private final String consumer;
  private volatile ExecutorService threads;

  public Branch(ProducerTemplate routes, String consumer) {
    this.routes = routes;
    this.consumer = consumer;
    this.threads = newThreads();
  }

  @Override
  public void process(Exchange batch) throws Exception {
    Exchange handled = handled(batch);
    if (handled.getException() != null) {
      throw handled.getException();
    }
    KafkaRecords.holdBack(batch, Bisect.held(handled));
    KafkaRecords.postpone(batch, KafkaRecords.postponed(handled));
  }

  private Exchange handled(Exchange batch) throws InterruptedException {
    ExecutorService pool = threads;
    try {
      return pool.submit(() -> routes.send(consumer, exchange -> copy(batch, exchange))).get();
    } catch (ExecutionException e) {
      log.error(
          "{} stopped with the error {}; its batch will be read again",
          consumer,
          String.valueOf(e.getCause()));
      replace(pool);
      throw new IllegalStateException(consumer + " died of " + e.getCause(), e.getCause());
    }
  }

  private static void copy(Exchange batch, Exchange exchange) {
    exchange.getMessage().setBody(batch.getMessage().getBody());
    exchange.setProperty(RecordFailures.RETRY_UNTIL, batch.getProperty(RecordFailures.RETRY_UNTIL));
  }

  private synchronized void replace(ExecutorService pool) {
    if (threads == pool) {
      threads = newThreads();
      routes.getCamelContext().getExecutorServiceManager().shutdown(pool);
    }
  }

  private ExecutorService newThreads() {
    return routes.getCamelContext().getExecutorServiceManager().newCachedThreadPool(this, consumer);
  }
}
