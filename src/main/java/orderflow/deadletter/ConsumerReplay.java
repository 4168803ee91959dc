package orderflow.deadletter;

import java.util.List;
import orderflow.consumer.Bisect;
import orderflow.consumer.EventRecord;
import orderflow.consumer.OwnConsumerList;
import orderflow.consumer.ParseRecords;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
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
}
