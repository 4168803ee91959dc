package orderflow.deadletter;

import java.util.List;
import orderflow.consumer.Bisect;
import orderflow.consumer.EventRecord;
import orderflow.consumer.FailedRecord;
import orderflow.consumer.OwnConsumerList;
import orderflow.consumer.ParseRecords;
import orderflow.consumer.RecordFailures;
import orderflow.platform.retry.FailureClassifier;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Replays go where a record comes from Kafka too, past the other consumers. */
@Component
class ConsumerReplay implements Replay {

  private final ProducerTemplate camel;
  private final OwnConsumerList consumers;

  ConsumerReplay(ProducerTemplate camel, OwnConsumerList consumers) {
    this.consumers = consumers;
    this.camel = camel;
  }

  @Override
  public List<String> consumers() {
    return consumers.here();
  }

  @Override
  public boolean replay(String consumer, EventRecord record) {
    Exchange answer =
        camel.send(
            "direct:" + consumer,
            exchange -> exchange.getMessage().setBody(List.of(record.asReplay())));
    if (answer.getException() != null) {
      throw new IllegalStateException(
          "a replay for " + consumer + " failed", answer.getException());
    }
    if (!Bisect.held(answer).isEmpty()) {
      throw new IllegalStateException(consumer + " can't apply a replay now");
    }
    return ParseRecords.failed(answer).isEmpty();
  }

  @Override
  public @Nullable String tryOut(String consumer, EventRecord record) {
    Exchange answer =
        camel.send(
            "direct:" + consumer,
            exchange -> {
              exchange.setProperty(ParseRecords.DRY_RUN, true);
              exchange.setProperty(RecordFailures.RETRY_UNTIL, RecordFailures.NO_RETRY);
              exchange.getMessage().setBody(List.of(record.asReplay()));
            });
    if (answer.getException() != null) {
      return FailureClassifier.reason(answer.getException());
    }
    return ParseRecords.failed(answer).stream()
        .map(FailedRecord::error)
        .findFirst()
        .orElse(Bisect.held(answer).isEmpty() ? null : consumer + " can't apply it now");
  }
}
