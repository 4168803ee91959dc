package orderflow;

import java.util.List;
import orderflow.outbox.OutboxRecord;
import orderflow.outbox.RecordPublisher;
import org.apache.camel.ProducerTemplate;
import org.springframework.stereotype.Component;

/** Hands the outbox's records to the route that publishes them. */
@Component
class KafkaPublisher implements RecordPublisher {

  private final ProducerTemplate routes;

  KafkaPublisher(ProducerTemplate routes) {
    this.routes = routes;
  }

  @Override
  public void publish(List<OutboxRecord> records) {
    routes.sendBody(OutboxRoute.PUBLISH, records);
  }
}
