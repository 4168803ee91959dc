package orderflow.consumer;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import orderflow.order.OrderIds;
import orderflow.platform.http.TraceParent;
import orderflow.platform.trace.Traces;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Records what a consumer did with the records of a batch as steps of their orders' traces: one for
 * each record whose trace is recorded, as long as the batch. A record that waits has none yet.
 */
final class TraceBatch implements Processor {

  private final Traces traces;
  private final String consumer;

  TraceBatch(Traces traces, String consumer) {
    this.traces = traces;
    this.consumer = consumer;
  }

  @Override
  public void process(Exchange exchange) {
    if (traces.areOn()) {
      record(exchange);
    }
  }

  private void record(Exchange exchange) {
    long began = exchange.getClock().getCreated();
    Set<EventRecord> others = new HashSet<>(Bisect.held(exchange));
    others.addAll(KafkaRecords.postponed(exchange));
    List<FailedRecord> failed = ParseRecords.failed(exchange);
    for (FailedRecord failure : failed) {
      others.add(failure.record());
      Span span = span(failure.record(), began);
      if (span != null) {
        Traces.fail(span, "dead letter");
      }
    }
    for (ParsedRecord<Object> reading : ParseRecords.readings(exchange)) {
      Span span = others.contains(reading.record()) ? null : span(reading.record(), began);
      if (span != null) {
        span.end();
      }
    }
  }

  private @Nullable Span span(EventRecord record, long began) {
    UUID order = order(record);
    Span span =
        traces.step(
            "process " + record.topic(),
            SpanKind.CONSUMER,
            TraceParent.of(record.headers()),
            order == null ? -1 : OrderIds.madeAt(order),
            began);
    if (span != null) {
      span.setAttribute("messaging.system", "kafka");
      span.setAttribute("messaging.operation.type", "process");
      span.setAttribute("messaging.destination.name", record.topic());
      span.setAttribute("messaging.destination.partition.id", String.valueOf(record.partition()));
      span.setAttribute("messaging.kafka.offset", record.offset());
      span.setAttribute("orderflow.consumer", consumer);
      span.setAttribute("orderflow.replay", record.isReplay());
      if (order != null) {
        span.setAttribute("orderflow.order.id", order.toString());
      }
    }
    return span;
  }

  private static @Nullable UUID order(EventRecord record) {
    try {
      return record.event().orderId();
    } catch (InvalidEvent e) {
      return null;
    }
  }
}
