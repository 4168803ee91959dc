package orderflow.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;

/**
 * Has the orders of a batch applied one by another, each partition in its order. What can pass is
 * retried as long as a batch may take; then the order waits with those behind it in its partition,
 * and is tried again after a pause, until it is given up after a longer time. Any other failure
 * makes the order a dead letter at once.
 */
final class ApplyEach implements Processor {

  private final ProducerTemplate routes;
  private final String to;
  private final HeldRecords.OfConsumer held;
  private final long giveUpNanos;

  /**
   * @param to the endpoint that applies an order
   * @param giveUpAfter how long an order is tried
   */
  ApplyEach(ProducerTemplate routes, String to, HeldRecords.OfConsumer held, Duration giveUpAfter) {
    this.routes = routes;
    this.to = to;
    this.held = held;
    this.giveUpNanos = giveUpAfter.toNanos();
  }

  @Override
  public void process(Exchange batch) {
    Long until = batch.getProperty(RecordFailures.RETRY_UNTIL, Long.class);
    List<FailedRecord> failed = new ArrayList<>(ParseRecords.failed(batch));
    List<EventRecord> waiting = new ArrayList<>();
    List<EventRecord> postponed = new ArrayList<>();
    Set<Integer> waitingPartitions = new HashSet<>();
    for (ParsedRecord<OrderEvent> reading : ParseRecords.<OrderEvent>readings(batch)) {
      EventRecord record = reading.record();
      if (waitingPartitions.contains(record.partition())) {
        continue; // it is read again with the one before it
      }
      if (until != null && System.nanoTime() - until >= 0) {
        postponed.add(record);
        waitingPartitions.add(record.partition());
        continue;
      }
      Exception refusal = apply(reading, until);
      if (refusal == null) {
        held.release(Stream.of(record));
      } else if (!OwnFailures.isTransient(refusal)) {
        failed.add(new FailedRecord(record, OwnFailures.reason(refusal)));
        held.release(Stream.of(record));
      } else if (System.nanoTime() - held.since(record) >= giveUpNanos) {
        failed.add(
            new FailedRecord(
                record,
                "is given up after "
                    + Duration.ofNanos(giveUpNanos).toSeconds()
                    + " s: "
                    + OwnFailures.reason(refusal)));
        held.release(Stream.of(record));
      } else {
        held.hold(record, OwnFailures.reason(refusal));
        waiting.add(record);
        waitingPartitions.add(record.partition());
      }
    }
    batch.setProperty(ParseRecords.FAILED, failed);
    batch.setProperty(Bisect.HELD, waiting);
    batch.setProperty(KafkaRecords.POSTPONED, postponed);
  }

  private @Nullable Exception apply(ParsedRecord<OrderEvent> reading, @Nullable Long until) {
    boolean metBefore = held.holds(reading.record());
    return routes
        .send(
            "direct:apply-order",
            order -> {
              order.setProperty(OwnOrder.TO, to);
              order.setProperty(RecordFailures.RETRY_UNTIL, metBefore ? Long.valueOf(0) : until);
              OwnOrder.describe(reading, order);
            })
        .getException();
  }
}
