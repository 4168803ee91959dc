package orderflow.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import orderflow.order.PlacedOrder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Events onto a topic, {@code acks=all}, as fast as the broker takes them. */
final class BareProducer implements AutoCloseable {

  private static final String OWN_TOPIC = "bare";

  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;

  /** Sends to a topic of its own, with as many partitions as Orderflow's. */
  BareProducer(String brokers) throws Exception {
    this(brokers, OWN_TOPIC);
    try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers))) {
      admin.createTopics(List.of(new NewTopic(OWN_TOPIC, 6, (short) 1))).all().get();
    }
  }

  /** Sends to a topic that is there. */
  BareProducer(String brokers, String topic) {
    this.topic = topic;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                brokers,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                5),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Sends the event of each and waits for all acknowledgements. */
  Void send(List<PlacedOrder> orders) {
    sendRecords(orders.stream().map(this::record).toList());
    return null;
  }

  /** The record of an order's event. */
  ProducerRecord<byte[], byte[]> record(PlacedOrder order) {
    return new ProducerRecord<>(
        topic,
        order.content().customer().id().getBytes(StandardCharsets.UTF_8),
        ShopOrder.event(order));
  }

  void sendRecords(List<ProducerRecord<byte[], byte[]>> records) {
    AtomicReference<Exception> failure = new AtomicReference<>();
    for (ProducerRecord<byte[], byte[]> record : records) {
      producer.send(
          record,
          (done, failed) -> {
            if (failed != null) {
              failure.set(failed);
            }
          });
    }
    producer.flush();
    if (failure.get() != null) {
      throw new IllegalStateException("a record was not taken", failure.get());
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
