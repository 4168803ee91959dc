package orderflow.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import orderflow.outbox.ConsumerLag;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Shows how far the consumers are behind. A broker that is away holds up no scrape: the broker is
 * asked beside it, and a scrape shows the last answer, or NaN if that is too old.
 */
@Component
class LagMetric implements MeterBinder, DisposableBean {

  private static final Duration FRESH = Duration.ofSeconds(5);
  private static final Duration TOO_OLD = Duration.ofMinutes(2);

  private final ConsumerLag lag;
  private final ExecutorService asking;
  private final AtomicBoolean isAsking = new AtomicBoolean();
  private volatile Answer last = new Answer(Double.NaN, System.nanoTime() - TOO_OLD.toNanos());

  private record Answer(double records, long at) {}

  LagMetric(ConsumerLag lag) {
    this.lag = lag;
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "consumer-lag");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    this.asking = executor;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("orderflow.consumer.lag.records", this, LagMetric::records)
        .description("Records of completed orders that the consumers have not handled yet")
        .register(registry);
  }

  private double records() {
    Answer known = last;
    long age = System.nanoTime() - known.at;
    if (age >= FRESH.toNanos() && isAsking.compareAndSet(false, true)) {
      asking.execute(this::ask);
    }
    return age < TOO_OLD.toNanos() ? known.records : Double.NaN;
  }

  private void ask() {
    try {
      last = new Answer(lag.records(), System.nanoTime());
    } catch (RuntimeException away) {
      // the routes that miss the broker log it; the last answer grows old
    } finally {
      isAsking.set(false);
    }
  }

  @Override
  public void destroy() {
    asking.shutdownNow();
  }
}
