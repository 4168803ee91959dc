package orderflow.outbox;

import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Hands the outbox's records to the route that publishes them, which answers for each of its own.
 */
@Component
public class KafkaPublisher implements RecordPublisher {

  static final String ENDPOINT = "direct:publish";

  private final CamelContext camel;
  private volatile @Nullable AsyncProducer route;

  KafkaPublisher(CamelContext camel) {
    this.camel = camel;
  }

  @Override
  public void publish(OutboxRecord record, Result result) {
    Exchange exchange = new DefaultExchange(camel);
    exchange.getMessage().setBody(record);
    route().process(exchange, doneSync -> result.answered(exchange.getException()));
  }

  private AsyncProducer route() {
    AsyncProducer known = route;
    return known == null ? findRoute() : known;
  }

  private synchronized AsyncProducer findRoute() {
    AsyncProducer found = route;
    if (found == null) {
      try {
        found = camel.getEndpoint(ENDPOINT).createAsyncProducer();
      } catch (Exception e) {
        throw new IllegalStateException("the route that publishes is not there", e);
      }
      ServiceHelper.startService(found);
      route = found;
    }
    return found;
  }
}
