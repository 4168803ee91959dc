package orderflow.deadletter;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import orderflow.consumer.EventRecord;
import orderflow.consumer.FailedRecord;
import orderflow.consumer.InvalidEvent;
import orderflow.consumer.OrderEvent;
import orderflow.outbox.EventType;
import orderflow.outbox.Outbox;
import orderflow.outbox.RecordHeaders;
import orderflow.platform.jdbc.ArrayColumns;
import orderflow.platform.jdbc.SqlFile;
import orderflow.platform.kafka.Header;
import orderflow.privacy.ErasedCustomer;
import orderflow.privacy.ErasedCustomers;
import orderflow.privacy.PersonalPayload;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Files the records that a consumer gave up on, each of them once for each consumer. */
@Component
public class DeadLetters {

  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);
  private static final String RECORD = SqlFile.read("record-dead-letters.sql");

  private final JdbcTemplate jdbc;
  private final Outbox outbox;
  private final ErasedCustomers erased;
  private final MeterRegistry meters;
  private final Clock clock;

  DeadLetters(
      JdbcTemplate jdbc, Outbox outbox, ErasedCustomers erased, MeterRegistry meters, Clock clock) {
    this.jdbc = jdbc;
    this.outbox = outbox;
    this.erased = erased;
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * Files records that a consumer gave up on, and sends those filed for the first time to their
   * topic of dead letters. A replay that failed makes its entry wait again; a redelivery of what is
   * filed changes nothing. Of customers who were erased since, neither the table nor the topic gets
   * anything personal.
   */
  public void record(String consumer, List<FailedRecord> records) {
    List<FailedRecord> failed = withoutErased(records);
    Integer filed =
        jdbc.execute(
            RECORD,
            (PreparedStatement statement) -> {
              bind(statement, consumer, failed);
              try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getInt("filed") : 0;
              }
            });
    if (filed != null && filed > 0 && !isTriedInVain(failed)) {
      counter(meters, consumer).increment(filed);
      log.warn(
          "{} gave up on {} of {}: {}",
          consumer,
          filed == 1 ? "a record" : filed + " records",
          topic(failed),
          errors(failed));
      outbox.wakeAfterCommit();
    }
  }

  /** What came too early and still does, as the log has said before. */
  private static boolean isTriedInVain(List<FailedRecord> failed) {
    return failed.stream().allMatch(one -> one.comesTooEarly() && one.record().isReplay());
  }

  /** Counts from the start on, so that the first dead letter shows as an increase. */
  public static Counter counter(MeterRegistry meters, String consumer) {
    return Counter.builder("orderflow.dead.letters")
        .description("Records that a consumer gave up on")
        .tag("consumer", consumer)
        .register(meters);
  }

  private List<FailedRecord> withoutErased(List<FailedRecord> failed) {
    List<String> customers =
        failed.stream().map(DeadLetters::customer).filter(Objects::nonNull).toList();
    Map<String, ErasedCustomer> known = erased.among(new HashSet<>(customers));
    return known.isEmpty()
        ? failed
        : failed.stream().map(one -> withoutErased(one, known.get(customer(one)))).toList();
  }

  private static FailedRecord withoutErased(
      FailedRecord failed, @Nullable ErasedCustomer customer) {
    EventRecord record = failed.record();
    PersonalPayload payload = PersonalPayload.of(record.value());
    if (customer == null || !customer.covers(payload.completedAt())) {
      return failed;
    }
    return new FailedRecord(
        new EventRecord(
            record.topic(),
            record.partition(),
            record.offset(),
            record.key(),
            PersonalPayload.of(record.filedValue()).blanked(record.toString(), false),
            Map.of()),
        PersonalPayload.withoutAddresses(failed.error()),
        failed.comesTooEarly());
  }

  /** The customer that a record names or, if it names none, that its key does. */
  private static @Nullable String customer(FailedRecord failed) {
    String named = ifReadable(failed, OrderEvent::customerIdIfAny);
    byte[] key = failed.record().key();
    if (named != null || key == null) {
      return named;
    }
    String text = new String(key, StandardCharsets.UTF_8);
    return text.indexOf('\0') < 0 ? text : null;
  }

  private void bind(PreparedStatement statement, String consumer, List<FailedRecord> failed)
      throws SQLException {
    ArrayColumns columns = new ArrayColumns(statement);
    columns.add("text", failed, f -> f.record().topic());
    columns.add("int4", failed, f -> f.record().partition());
    columns.add("int8", failed, f -> f.record().offset());
    columns.add("bytea", failed, f -> f.record().key());
    columns.add("bytea", failed, f -> f.record().filedValue());
    columns.add("jsonb", failed, f -> RecordHeaders.json(f.record().allHeaders()));
    columns.add("jsonb", failed, f -> RecordHeaders.json(letterHeaders(consumer, f)));
    columns.add("uuid", failed, f -> ifReadable(f, OrderEvent::orderIdIfAny));
    columns.add("text", failed, f -> ifReadable(f, OrderEvent::customerIdIfAny));
    columns.add("text", failed, FailedRecord::error);
    columns.add("text", failed, f -> deadLetterTopic(f.record()));
    columns.add("bool", failed, FailedRecord::comesTooEarly);
    columns.addValue(clock.instant().toString());
    columns.addValue(consumer);
  }

  /** What never stood on a topic is not put onto its topic of dead letters. */
  private static @Nullable String deadLetterTopic(EventRecord record) {
    return record.partition() < 0 ? null : EventType.deadLetterTopicOf(record.topic());
  }

  /** The record's own headers and, behind them, where it comes from. */
  private static List<Header> letterHeaders(String consumer, FailedRecord failed) {
    List<Header> headers = new ArrayList<>(failed.record().allHeaders());
    headers.add(header("consumer", consumer));
    headers.add(header("error", failed.error()));
    headers.add(header("original-topic", failed.record().topic()));
    headers.add(header("original-partition", String.valueOf(failed.record().partition())));
    headers.add(header("original-offset", String.valueOf(failed.record().offset())));
    return headers;
  }

  private static Header header(String name, String value) {
    return new Header(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static <T> @Nullable T ifReadable(
      FailedRecord failed, Function<OrderEvent, @Nullable T> field) {
    try {
      return field.apply(failed.record().event());
    } catch (InvalidEvent e) {
      return null;
    }
  }

  private static String errors(List<FailedRecord> failed) {
    return failed.stream()
        .map(FailedRecord::error)
        .distinct()
        .limit(3)
        .collect(Collectors.joining("; "));
  }

  private static String topic(List<FailedRecord> failed) {
    return failed.get(0).record().topic();
  }
}
