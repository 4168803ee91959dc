package orderflow.deadletter;

import java.util.List;
import orderflow.consumer.ConsumerNames;
import orderflow.consumer.EventRecord;
import orderflow.consumer.FailedRecord;
import orderflow.consumer.OrderConsumer;
import orderflow.consumer.OrderConsumers;
import orderflow.outbox.CloudEvents;
import orderflow.outbox.EventType;
import orderflow.outbox.OutboxRecord;
import orderflow.outbox.RefusedRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Files what the broker will never take for those who would have read or have written it. An
 * order's event fails for each consumer: its replay hands it to them past the broker. It has no
 * place on its topic, so its partition and offset are -1.
 */
@Component
class Unpublished implements RefusedRecords {

  private static final Logger log = LoggerFactory.getLogger(Unpublished.class);

  private static final int NO_PLACE = -1;
  private final DeadLetters deadLetters;
  private final OrderConsumers consumers;
  private final ConsumerNames names;

  Unpublished(DeadLetters deadLetters, OrderConsumers consumers, ConsumerNames names) {
    this.consumers = consumers;
    this.names = names;
    this.deadLetters = deadLetters;
  }

  /** A dead letter that its topic can't take stands in the table already. */
  @Override
  public void file(OutboxRecord record, String error) {
    if (EventType.isDeadLetterTopic(record.topic())) {
      log.warn(
          "The broker refuses a dead letter of order {}, which stays in the table: {}",
          record.subject(),
          error);
      return;
    }
    EventRecord event =
        new EventRecord(
            record.topic(),
            NO_PLACE,
            NO_PLACE,
            record.key(),
            record.payload(),
            CloudEvents.headers(record));
    for (String consumer : concerned(record.topic())) {
      deadLetters.record(consumer, List.of(new FailedRecord(event, error)));
    }
  }

  private List<String> concerned(String topic) {
    List<String> reading = EventType.of(topic).map(names::reading).orElse(List.of());
    return reading.isEmpty()
        ? consumers.all().stream()
            .filter(
                consumer ->
                    consumer.publishes().stream().anyMatch(type -> type.topic().equals(topic)))
            .map(OrderConsumer::name)
            .toList()
        : reading;
  }
}
