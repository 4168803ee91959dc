package orderflow.consumer;

import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/**
 * A multicast whose branches have nothing to say to each other, but whose failures must not be
 * lost.
 */
public final class FirstFailure implements AggregationStrategy {

  @Override
  public Exchange aggregate(Exchange before, Exchange branch) {
    return before != null && before.getException() != null ? before : branch;
  }
}
