package orderflow.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What follows from orders, seen from outside as it comes: the records about points and coupons,
 * and the mails that the mail server takes.
 */
final class Effects implements AutoCloseable {

  private static final String POINTS = "point.earned";
  private static final String COUPONS = "coupon.used";

  private static final Pattern ORDER = Pattern.compile("\"orderId\"\\s*:\\s*\"([^\"]+)\"");

  private final Map<String, Map<String, Long>> arrived =
      Map.of(POINTS, new ConcurrentHashMap<>(), COUPONS, new ConcurrentHashMap<>());
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Mails mails;
  private final Thread reader = new Thread(this::read, "effects");
  private int mailsBefore;
  private volatile boolean closed;

  /** Begins to watch, once the topics are there: orders are taken before that. */
  Effects(String brokers, Mails mails) throws InterruptedException {
    this.mails = mails;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : List.of(POINTS, COUPONS)) {
      partitions.addAll(partitions(topic));
    }
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    reader.start();
  }

  private List<TopicPartition> partitions(String topic) throws InterruptedException {
    List<PartitionInfo> partitions = consumer.partitionsFor(topic);
    while (partitions.isEmpty()) {
      Thread.sleep(50);
      partitions = consumer.partitionsFor(topic);
    }
    return partitions.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
  }

  /** Forgets what came so far. */
  void forget() throws IOException {
    arrived.values().forEach(Map::clear);
    mailsBefore = mails.count();
  }

  /** Each order whose points were seen, and when, in microseconds since 1970. */
  Map<String, Long> points() {
    return arrived.get(POINTS);
  }

  Map<String, Long> coupons() {
    return arrived.get(COUPONS);
  }

  Map<String, Long> mails() throws IOException {
    List<Mails.Taken> taken = mails.taken();
    return taken.subList(mailsBefore, taken.size()).stream()
        .collect(Collectors.toMap(Mails.Taken::order, Mails.Taken::micros, Math::min));
  }

  /**
   * Waits for the effects of so many orders.
   *
   * @return when the last one came
   */
  long await(int orders, int coupons, Duration most) throws Exception {
    long end = System.nanoTime() + most.toNanos();
    while (points().size() < orders
        || coupons().size() < coupons
        || mails.count() - mailsBefore < orders) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "after %s of %d orders %d had points, %d of %d coupons were used, %d mails were there"
                .formatted(
                    most,
                    orders,
                    points().size(),
                    coupons().size(),
                    coupons,
                    mails.count() - mailsBefore));
      }
      Thread.sleep(20);
    }
    return Math.max(Math.max(last(points()), last(coupons())), last(mails()));
  }

  static long last(Map<String, Long> times) {
    return times.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** Microseconds from each order's answer to this effect of it. */
  static Histogram since(Map<String, Long> taken, Map<String, Long> effects) {
    var histogram = new Histogram(3);
    taken.forEach((order, at) -> histogram.recordValue(Math.max(0, effects.get(order) - at)));
    return histogram;
  }

  private void read() {
    while (!closed) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
        arrived.get(record.topic()).putIfAbsent(order(record), Now.micros());
      }
    }
    consumer.close();
  }

  /** By its CloudEvents subject, else by its value. */
  private static String order(ConsumerRecord<byte[], byte[]> record) {
    Header subject = record.headers().lastHeader("ce_subject");
    if (subject != null) {
      return new String(subject.value(), StandardCharsets.US_ASCII);
    }
    Matcher order = ORDER.matcher(new String(record.value(), StandardCharsets.UTF_8));
    return order.find() ? order.group(1) : "-";
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    reader.join();
  }
}
