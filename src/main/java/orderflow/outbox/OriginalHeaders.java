package orderflow.outbox;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Gives dead letters the headers of their record that Camel's map of headers can't hold: names
 * twice, values that are null, names that are Camel's own.
 */
public final class OriginalHeaders implements ProducerInterceptor<byte[], byte[]> {

  @Override
  public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> sent) {
    Header list = sent.headers().lastHeader(RecordHeaders.LIST);
    if (list == null) { // only dead letters have it
      return sent;
    }
    List<Header> headers =
        RecordHeaders.list(list.value()).stream()
            .<Header>map(header -> new RecordHeader(header.name(), header.value()))
            .toList();
    return new ProducerRecord<>(
        sent.topic(), sent.partition(), sent.timestamp(), sent.key(), sent.value(), headers);
  }

  @Override
  public void onAcknowledgement(@Nullable RecordMetadata metadata, @Nullable Exception exception) {}

  @Override
  public void close() {}

  @Override
  public void configure(Map<String, ?> settings) {}
}
