package orderflow.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import orderflow.platform.jdbc.BoundedCounts;
import orderflow.platform.jdbc.Bulkhead;
import orderflow.platform.jdbc.SqlFile;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Shows the money that is owed at /actuator/prometheus: refunds that are due or whose payment
 * failed, the {@value BoundedCounts#EXACT} oldest of each.
 */
@Component
class RefundMetrics implements MeterBinder {

  private static final String READ = SqlFile.read("refunds-due.sql");

  /** Money moves slowly, and a scrape is to be cheap. */
  private static final Duration FRESH = Duration.ofSeconds(15);

  private final JdbcClient jdbc;
  private final Clock clock;
  private long readAt;
  private @Nullable Owed last;
  private @Nullable MultiGauge amounts;

  RefundMetrics(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /**
   * What is owed; NaN while the database is away.
   *
   * @param oldest age of the oldest refund in seconds; 0 if there is none
   */
  private record Owed(double refunds, double oldest, Map<String, BigDecimal> amounts) {
    static final Owed UNKNOWN = new Owed(Double.NaN, Double.NaN, Map.of());
  }

  private record Row(String currency, long refunds, BigDecimal amount, double oldest) {}

  @Override
  public void bindTo(MeterRegistry registry) {
    amounts =
        MultiGauge.builder("orderflow.refunds.due.amount")
            .description("Money that is owed to customers, of refunds due or failed")
            .register(registry);
    gauge("orderflow.refunds.due", "Refunds that are due or whose payment failed", Owed::refunds)
        .register(registry);
    gauge("orderflow.refund.oldest.due", "Age of the oldest of them", Owed::oldest)
        .baseUnit("seconds")
        .register(registry);
  }

  private Gauge.Builder<?> gauge(String name, String description, ToDoubleFunction<Owed> value) {
    return Gauge.builder(name, this, metrics -> value.applyAsDouble(metrics.now()))
        .description(description);
  }

  private synchronized Owed now() {
    if (last == null || System.nanoTime() - readAt > FRESH.toNanos()) {
      last = read();
      readAt = System.nanoTime();
      show(last);
    }
    return last;
  }

  private Owed read() {
    try {
      double refunds = 0;
      double oldest = 0;
      Map<String, BigDecimal> byCurrency = new TreeMap<>();
      for (Row row : Bulkhead.HEALTH.call(() -> jdbc.sql(READ).query(Row.class).list())) {
        refunds += row.refunds();
        oldest = Math.max(oldest, clock.millis() / 1000.0 - row.oldest());
        byCurrency.put(row.currency(), row.amount());
      }
      return new Owed(refunds, oldest, byCurrency);
    } catch (DataAccessException | TransactionException away) {
      return Owed.UNKNOWN;
    }
  }

  /** A currency is shown from the first refund in it on. */
  private void show(Owed owed) {
    if (amounts != null) {
      amounts.register(
          owed.amounts().entrySet().stream()
              .map(
                  of ->
                      MultiGauge.Row.of(
                          Tags.of("currency", of.getKey()), of.getValue()::doubleValue))
              .toList(),
          true);
    }
  }
}
