package orderflow.console;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import orderflow.metrics.Backlog;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.health.CompositeHealth;
import org.springframework.boot.actuate.health.HealthComponent;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.stereotype.Component;

/**
 * What flows at this moment, read once for all who look, and how many orders each of the last
 * minutes brought to this instance.
 */
@Component
class Flow {

  private static final Duration FRESH = Duration.ofSeconds(2);
  private static final int MINUTES = 60;

  /** What is always well while this is shown. */
  private static final Set<String> PROBES =
      Set.of(
          "ping", "livenessState", "readinessState", "camelLivenessState", "camelReadinessState");

  /**
   * A moment. What can't be known while the database is away is null.
   *
   * @param placed orders a second, since the moment before; so is refused
   * @param parts the state of each part of the system, by its name
   */
  public record Moment(
      Instant at,
      String status,
      Map<String, String> parts,
      double placed,
      double refused,
      @Nullable Double outbox,
      @Nullable Double outboxAge,
      @Nullable Double mails,
      @Nullable Double mailsDue,
      @Nullable Double mailAge,
      @Nullable Double deadLetters) {}

  /** The orders of a minute. */
  public record Minute(Instant begin, long placed, long refused) {}

  private record Counts(Instant at, double placed, double refused) {}

  private final Backlog backlog;
  private final HealthEndpoint health;
  private final MeterRegistry meters;
  private final Clock clock;
  private final Deque<Minute> minutes = new ArrayDeque<>();
  private Counts minuteBegan;
  private Counts before;
  private @Nullable Moment last;
  private long readAt;

  Flow(Backlog backlog, HealthEndpoint health, MeterRegistry meters, Clock clock) {
    this.backlog = backlog;
    this.health = health;
    this.meters = meters;
    this.clock = clock;
    this.before = counts();
    this.minuteBegan = before;
  }

  /** The moment now, or one that was read within the last seconds. */
  synchronized Moment now() {
    if (last == null || System.nanoTime() - readAt > FRESH.toNanos()) {
      last = read();
      readAt = System.nanoTime();
    }
    return last;
  }

  /** Ends the minute that has begun, if it is over; called more than once a minute. */
  synchronized void count() {
    Instant now = clock.instant();
    if (Duration.between(minuteBegan.at(), now).compareTo(Duration.ofMinutes(1)) >= 0) {
      Counts counts = counts();
      minutes.addLast(
          new Minute(
              minuteBegan.at().truncatedTo(ChronoUnit.MINUTES),
              Math.round(counts.placed() - minuteBegan.placed()),
              Math.round(counts.refused() - minuteBegan.refused())));
      while (minutes.size() > MINUTES) {
        minutes.removeFirst();
      }
      minuteBegan = counts;
    }
  }

  /** The last minutes, the oldest first. */
  synchronized List<Minute> minutes() {
    return List.copyOf(minutes);
  }

  private Moment read() {
    Counts counts = counts();
    double seconds = Math.max(1, Duration.between(before.at(), counts.at()).toMillis() / 1000.0);
    Backlog.Waiting waiting = backlog.now();
    Map<String, String> parts = new TreeMap<>();
    HealthComponent whole = health.health();
    if (whole instanceof CompositeHealth composite) {
      composite
          .getComponents()
          .forEach(
              (name, part) -> {
                String state = part.getStatus().getCode();
                if (!PROBES.contains(name) || !state.equals("UP")) {
                  parts.put(name, state);
                }
              });
    }
    Moment moment =
        new Moment(
            counts.at(),
            whole.getStatus().getCode(),
            parts,
            rate(counts.placed() - before.placed(), seconds),
            rate(counts.refused() - before.refused(), seconds),
            known(waiting.outbox()),
            known(waiting.outboxAge()),
            known(waiting.mails()),
            known(waiting.mailsDue()),
            known(waiting.mailAge()),
            waiting.deadLetters().isEmpty()
                ? null
                : known(waiting.deadLetters().values().stream().mapToDouble(n -> n).sum()));
    before = counts;
    return moment;
  }

  private Counts counts() {
    return new Counts(clock.instant(), counted("placed"), counted("refused"));
  }

  private double counted(String outcome) {
    Counter counter = meters.find("orderflow.orders").tag("outcome", outcome).counter();
    return counter == null ? 0 : counter.count();
  }

  private static double rate(double difference, double seconds) {
    return Math.max(0, Math.round(10 * difference / seconds) / 10.0);
  }

  private static @Nullable Double known(double value) {
    return Double.isNaN(value) ? null : value;
  }
}
