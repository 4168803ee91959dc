package orderflow.reversal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import orderflow.consumer.EventRecord;
import orderflow.consumer.FailedRecord;
import orderflow.consumer.InvalidEvent;
import orderflow.consumer.OrderConsumer;
import orderflow.consumer.ParsedRecord;
import orderflow.outbox.EventType;
import orderflow.platform.jdbc.AfterCommit;
import orderflow.platform.json.ValidationException;
import orderflow.platform.json.Violation;
import orderflow.platform.security.Actor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Service;

/**
 * Takes back the orders that other systems say are cancelled or returned. Our own events come by,
 * too: what they are about has been done.
 */
@Service
@Order(4)
class ReversalConsumer implements OrderConsumer<ReversalEvent> {

  static final String NAME = "reversal-consumer";

  private static final Logger log = LoggerFactory.getLogger(ReversalConsumer.class);

  private final ReversalRows rows;
  private final Reversals reversals;
  private final ForeignCancellations foreign;
  private final Map<Outcome, Counter> counters = new EnumMap<>(Outcome.class);

  ReversalConsumer(
      ReversalRows rows, Reversals reversals, ForeignCancellations foreign, MeterRegistry meters) {
    this.rows = rows;
    this.reversals = reversals;
    this.foreign = foreign;
    for (Outcome outcome : Outcome.values()) {
      counters.put(
          outcome,
          Counter.builder("orderflow.reversal.events")
              .description("Events about cancelled and returned orders, by what became of them")
              .tag("outcome", outcome.word())
              .register(meters));
    }
  }

  /** What became of an event. */
  private enum Outcome {
    /** It was ours. */
    OWN,
    REVERSED,
    /** It was cancelled before it came, if it ever does. */
    KEPT_PLACES,
    /** What it says was so already. */
    OLD_NEWS;

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<EventType> reads() {
    return List.of(EventType.ORDER_CANCELLED, EventType.ORDER_RETURNED);
  }

  @Override
  public List<EventType> publishes() {
    return List.of(EventType.POINT_CHANGED, EventType.COUPON_RELEASED);
  }

  @Override
  public ReversalEvent read(EventRecord record) {
    if (reads().stream().noneMatch(type -> type.topic().equals(record.topic()))) {
      throw new InvalidEvent("is no event about a cancelled or returned order");
    }
    return ReversalEvent.of(record);
  }

  /**
   * Takes back what a batch says, each event in a transaction of its own, so that none holds an
   * order locked that another waits for. What is done stays done when a later event fails: tried
   * again, it is old news.
   *
   * @return those that can't be used
   */
  List<FailedRecord> apply(List<ParsedRecord<ReversalEvent>> batch) {
    Set<UUID> own =
        rows.among(
            batch.stream()
                .map(reading -> reading.value().reversalId())
                .filter(Objects::nonNull)
                .toList());
    Map<String, Integer> counts = new TreeMap<>();
    List<FailedRecord> failed = new ArrayList<>();
    for (ParsedRecord<ReversalEvent> reading : batch) {
      ReversalEvent event = reading.value();
      try {
        Outcome outcome =
            event.reversalId() != null && own.contains(event.reversalId())
                ? Outcome.OWN
                : apply(event);
        AfterCommit.run(() -> Objects.requireNonNull(counters.get(outcome)).increment());
        if (outcome != Outcome.OWN) {
          counts.merge(event.topic() + " " + outcome.word(), 1, Integer::sum);
        }
      } catch (TooEarly e) {
        failed.add(new FailedRecord(reading.record(), e.fault(), true));
      } catch (InvalidEvent e) {
        failed.add(new FailedRecord(reading.record(), e.fault()));
      } catch (ValidationException e) {
        failed.add(new FailedRecord(reading.record(), words(e)));
      }
    }
    if (!counts.isEmpty()) {
      AfterCommit.run(
          () ->
              log.info(
                  "Events of other systems: {}",
                  counts.entrySet().stream()
                      .map(count -> count.getKey() + " " + count.getValue())
                      .collect(Collectors.joining(", "))));
    }
    return failed;
  }

  private Outcome apply(ReversalEvent event) {
    ReversalResult result =
        reversals.reverse(
            event.orderId(),
            event.request(),
            new Reversals.Command(
                event.reference(), null, new Actor(event.topic(), NAME, null), false));
    if (result instanceof ReversalResult.Done done) {
      return done.replayed() ? Outcome.OLD_NEWS : Outcome.REVERSED;
    }
    if (result instanceof ReversalResult.Unknown) {
      if (event.request().kind() == ReversalKind.CANCEL) {
        return foreign.cancel(event) ? Outcome.KEPT_PLACES : Outcome.OLD_NEWS;
      }
      throw new TooEarly(event.orderId());
    }
    if (result instanceof ReversalResult.AlreadyCancelled
        || result instanceof ReversalResult.ReferenceTaken
        || result instanceof ReversalResult.NothingLeft left && isNothingOf(event, left)) {
      return Outcome.OLD_NEWS;
    }
    if (result instanceof ReversalResult.HasReturns) {
      if (rows.isReturned(event.orderId())) {
        return Outcome.OLD_NEWS;
      }
      throw new InvalidEvent("the order has returns: what is left of it can be returned");
    }
    if (result instanceof ReversalResult.NothingLeft) {
      throw new InvalidEvent("more is to be returned than is left of the order");
    }
    throw new InvalidEvent("the order can't be taken back as the event says");
  }

  /** Whether nothing at all is left of what the event returns. */
  private static boolean isNothingOf(ReversalEvent event, ReversalResult.NothingLeft left) {
    List<ReversalRequest.ReturnedItem> items = event.request().items();
    return items == null
        || items.stream()
            .noneMatch(
                item ->
                    left.remaining().stream().anyMatch(kept -> kept.position() == item.position()));
  }

  private static String words(ValidationException refusal) {
    return refusal.faults().stream().map(Violation::toString).collect(Collectors.joining("; "));
  }

  /** A return of an order that is not here, and may yet come to be. */
  private static final class TooEarly extends InvalidEvent {

    private static final long serialVersionUID = 1;

    TooEarly(UUID orderId) {
      super("order " + orderId + " is not known here");
    }
  }
}
