package orderflow;

import java.util.List;
import orderflow.event.Reading;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** The batch of readings that a route applies, kept beside the body that its steps change. */
final class Batch {

  /** Runs the body, a statement that reads the batch from its header; a transaction of its own. */
  static final String STATEMENT = "jdbc:dataSource?useHeadersAsParameters=true&resetAutoCommit=false";

  private static final String PROPERTY = "batch";

  private Batch() {}

  /** Keeps the body, which is the batch. */
  static final Processor REMEMBER = exchange -> exchange.setProperty(PROPERTY, exchange.getMessage().getBody());

  @SuppressWarnings("unchecked") // the route's triage made it
  static <T> List<Reading<T>> of(Exchange exchange) {
    return exchange.getProperty(PROPERTY, List.of(), List.class);
  }

  static boolean isInBody(Exchange exchange) {
    return !exchange.getMessage().getBody(List.class).isEmpty();
  }

  static List<List<Reading<Object>>> halves(Exchange exchange) {
    List<Reading<Object>> batch = of(exchange);
    int middle = batch.size() / 2;
    return List.of(batch.subList(0, middle), batch.subList(middle, batch.size()));
  }
}
