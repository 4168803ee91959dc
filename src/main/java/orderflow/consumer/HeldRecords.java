package orderflow.consumer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import orderflow.platform.jdbc.DatabaseAccess;
import orderflow.platform.retry.OutageLog;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Records that a consumer can't apply now, though its database answers. Their partitions wait and
 * are read again after a pause, while others go on.
 */
@Component
public class HeldRecords implements MeterBinder {

  /** A record that is not met again for so long has gone to another instance with its partition. */
  private static final long FORGET_NANOS = Duration.ofMinutes(2).toNanos();

  private final DatabaseAccess database;
  private final Map<String, OfConsumer> consumers = new HashMap<>();
  private @Nullable MeterRegistry registry;

  public HeldRecords(DatabaseAccess database) {
    this.database = database;
  }

  DatabaseAccess database() {
    return database;
  }

  public synchronized OfConsumer of(String consumer) {
    return consumers.computeIfAbsent(
        consumer,
        name -> {
          OfConsumer held = new OfConsumer(name);
          show(name, held);
          return held;
        });
  }

  @Override
  public synchronized void bindTo(MeterRegistry meters) {
    registry = meters;
    consumers.forEach(this::show);
  }

  private void show(String consumer, OfConsumer held) {
    if (registry != null) {
      Gauge.builder("orderflow.consumer.held", held, OfConsumer::seconds)
          .description("How long a consumer's oldest record has been waiting that it can't apply")
          .tag("consumer", consumer)
          .baseUnit("seconds")
          .register(registry);
    }
  }

  private record Held(long since, long seen) {

    boolean isForgotten(long now) {
      return now - seen > FORGET_NANOS;
    }
  }

  /** What one consumer holds. */
  public static final class OfConsumer {

    private final OutageLog outage;
    private final Map<String, Held> records = new ConcurrentHashMap<>();

    private OfConsumer(String consumer) {
      this.outage = new OutageLog(consumer);
    }

    void hold(EventRecord record, String reason) {
      long now = System.nanoTime();
      records.merge(
          record.toString(), new Held(now, now), (before, again) -> new Held(before.since, now));
      outage.failure(reason);
    }

    /** Whether it was met before. */
    boolean holds(EventRecord record) {
      return records.containsKey(record.toString());
    }

    public int count() {
      return records.size();
    }

    /** When it was held first, by the clock of {@link System#nanoTime}; now if it was not. */
    long since(EventRecord record) {
      Held held = records.get(record.toString());
      return held == null ? System.nanoTime() : held.since;
    }

    /** They wait no more: they are applied, or dead letters. */
    public void release(Stream<EventRecord> settled) {
      if (!records.isEmpty()) {
        settled.forEach(record -> records.remove(record.toString()));
        forget();
        if (records.isEmpty()) {
          outage.recovered();
        }
      }
    }

    private void forget() {
      long now = System.nanoTime();
      records.values().removeIf(held -> held.isForgotten(now));
    }

    private double seconds() {
      long now = System.nanoTime();
      return records.values().stream()
          .filter(held -> !held.isForgotten(now))
          .mapToLong(held -> now - held.since)
          .mapToObj(TimeUnit.NANOSECONDS::toSeconds)
          .max(Long::compare)
          .orElse(0L);
    }
  }
}
