package orderflow.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import orderflow.order.PlacedOrder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Events onto a topic by a bare producer. */
final class Records {

  private Records() {}

  /** Sends all and waits for every acknowledgement, {@code acks=all}. */
  static void send(String brokers, String topic, List<PlacedOrder> orders) {
    List<ProducerRecord<byte[], byte[]>> records =
        orders.stream().map(order -> record(topic, order)).toList();
    send(brokers, records);
  }

  static ProducerRecord<byte[], byte[]> record(String topic, PlacedOrder order) {
    return new ProducerRecord<>(
        topic,
        order.content().customer().id().getBytes(StandardCharsets.UTF_8),
        ShopOrder.event(order));
  }

  static void send(String brokers, List<ProducerRecord<byte[], byte[]>> records) {
    AtomicReference<Exception> failure = new AtomicReference<>();
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            brokers,
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.LINGER_MS_CONFIG,
            5);
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      records.forEach(
          record ->
              producer.send(
                  record,
                  (done, failed) -> {
                    if (failed != null) {
                      failure.set(failed);
                    }
                  }));
    }
    if (failure.get() != null) {
      throw new IllegalStateException("a record was not taken", failure.get());
    }
  }
}
