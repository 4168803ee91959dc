package orderflow.outbox;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import orderflow.platform.http.TraceParent;
import orderflow.platform.trace.Traces;
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
  private final Traces traces;
  private volatile @Nullable AsyncProducer route;

  KafkaPublisher(CamelContext camel, Traces traces) {
    this.camel = camel;
    this.traces = traces;
  }

  @Override
  public void publish(OutboxRecord record, Result result) {
    Exchange exchange = new DefaultExchange(camel);
    exchange.getMessage().setBody(record);
    Span span = traces.areOn() ? span(record) : null;
    route()
        .process(
            exchange,
            doneSync -> {
              if (span != null) {
                end(span, exchange.getException());
              }
              result.answered(exchange.getException());
            });
  }

  /** Its parent's context stays in the record: what consumers do follows from the order. */
  private @Nullable Span span(OutboxRecord record) {
    if (record.headers() == null) {
      return null;
    }
    long now = System.currentTimeMillis();
    long waits = record.createdAt().toEpochMilli();
    Span span =
        traces.step(
            "send " + record.topic(),
            SpanKind.PRODUCER,
            TraceParent.of(record.headers()),
            waits,
            now);
    if (span != null) {
      span.setAttribute("messaging.system", "kafka");
      span.setAttribute("messaging.operation.type", "send");
      span.setAttribute("messaging.destination.name", record.topic());
      span.setAttribute("orderflow.outbox.wait_ms", now - waits);
    }
    return span;
  }

  private static void end(Span span, @Nullable Exception failure) {
    if (failure == null) {
      span.end();
    } else {
      Traces.fail(span, failure.getClass().getName());
    }
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
