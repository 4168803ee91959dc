package orderflow.consumer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import orderflow.RetryPolicy;
import orderflow.platform.jdbc.DatabaseAccess;
import orderflow.platform.retry.FailureClassifier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;

/**
 * Has a batch applied by another route, and halves what is refused until the culprit stands alone:
 * one bad record in 500 costs about 18 more statements, not 500. Culprits join the property {@link
 * ParseRecords#FAILED}, as does what the other route itself gave up on.
 *
 * <p>What is refused for a reason that can pass, and still is when the retries of {@link
 * RetryPolicy} are over, joins the property {@link #HELD} if the database answers. A record that
 * alone is refused while others are taken is a culprit then, too; where nothing is taken, as with a
 * missing table, no record is to blame.
 */
public final class Bisect implements Processor {

  static final String HELD = "held";

  /**
   * After so many refusals without a record that is taken, no record of the batch is tried alone.
   */
  private static final int MOST_REFUSALS = 16;

  private final ProducerTemplate routes;
  private final String applying;
  private final HeldRecords.OfConsumer held;
  private final DatabaseAccess database;

  /** When this last had records applied, by the clock of {@link System#nanoTime}. */
  private volatile long lastApplied = System.nanoTime();

  /**
   * @param applying the endpoint whose route applies a batch, wholly or not at all
   */
  public Bisect(ProducerTemplate routes, String applying, String consumer, HeldRecords held) {
    this.routes = routes;
    this.applying = applying;
    this.held = held.of(consumer);
    this.database = held.database();
  }

  /** The records that wait. */
  @SuppressWarnings("unchecked") // made below
  public static List<EventRecord> held(Exchange exchange) {
    return exchange.getProperty(HELD, List.of(), List.class);
  }

  @Override
  public void process(Exchange exchange) throws Exception {
    Work work = new Work(exchange);
    List<ParsedRecord<?>> batch = List.copyOf(ParseRecords.readings(exchange));
    work.apply(
        batch,
        batch.stream().anyMatch(reading -> held.holds(reading.record()))
            ? RecordFailures.NO_RETRY
            : work.retryUntil);
    exchange.setProperty(ParseRecords.FAILED, work.failed);
    exchange.setProperty(HELD, work.waiting);
  }

  private record Refused(ParsedRecord<?> reading, Exception refusal) {}

  /** What becomes of one batch. */
  private final class Work {

    private final @Nullable Long retryUntil;
    private final List<FailedRecord> failed;
    private final List<EventRecord> waiting;
    private int applied;
    private int refusals;

    Work(Exchange exchange) {
      retryUntil = exchange.getProperty(RecordFailures.RETRY_UNTIL, Long.class);
      failed = new ArrayList<>(ParseRecords.failed(exchange));
      waiting = new ArrayList<>(held(exchange));
    }

    /**
     * @param until when to stop retrying; null for as long as RetryPolicy says
     */
    void apply(List<ParsedRecord<?>> batch, @Nullable Long until) throws Exception {
      Exception refusal = attempt(batch, until);
      if (refusal == null) {
        return;
      }
      if (RecordFailures.isTransient(refusal)) {
        if (RecordFailures.isStop(refusal) || database.isLost() || !database.isThere()) {
          throw refusal; // the records stay where they are
        }
        isolate(batch);
      } else if (batch.size() == 1) {
        fail(batch.get(0), reason(refusal));
      } else {
        int middle = batch.size() / 2;
        apply(batch.subList(0, middle), until);
        apply(batch.subList(middle, batch.size()), until);
      }
    }

    /** Null if there was nothing to do, or if it is done. */
    private @Nullable Exception attempt(List<ParsedRecord<?>> batch, @Nullable Long until) {
      if (batch.isEmpty()) {
        return null;
      }
      Exchange attempt =
          routes.send(
              applying,
              exchange -> {
                exchange.getMessage().setBody(batch);
                if (until != null) {
                  exchange.setProperty(RecordFailures.RETRY_UNTIL, until);
                }
              });
      if (attempt.getException() == null) {
        List<EventRecord> stillWaiting = held(attempt);
        failed.addAll(ParseRecords.failed(attempt));
        waiting.addAll(stillWaiting);
        applied += batch.size() - stillWaiting.size();
        if (stillWaiting.isEmpty()) {
          lastApplied = System.nanoTime();
          held.release(batch.stream().map(ParsedRecord::record));
        }
      }
      return attempt.getException();
    }

    /** Partition by partition: what holds one up need not hold up another. */
    private void isolate(List<ParsedRecord<?>> batch) throws Exception {
      List<Refused> alone = new ArrayList<>();
      for (List<ParsedRecord<?>> partition : byPartition(batch)) {
        isolate(partition, alone);
      }
      for (Refused refused : alone) {
        EventRecord record = refused.reading.record();
        boolean othersAreTaken =
            applied >= alone.size() || (alone.size() == 1 && lastApplied - held.since(record) > 0);
        if (othersAreTaken) {
          tryAgain(refused.reading);
        } else {
          hold(List.of(refused.reading), refused.refusal);
        }
      }
    }

    private void isolate(List<ParsedRecord<?>> batch, List<Refused> alone) throws Exception {
      Exception refusal = attempt(batch, RecordFailures.NO_RETRY);
      if (refusal == null) {
        return;
      }
      refusals++;
      if (RecordFailures.isStop(refusal)) {
        throw refusal;
      }
      if (!RecordFailures.isTransient(refusal) && batch.size() == 1) {
        fail(batch.get(0), reason(refusal));
      } else if (FailureClassifier.isServerUnavailable(refusal)
          || (applied == 0 && refusals >= MOST_REFUSALS)) {
        hold(batch, refusal);
      } else if (batch.size() == 1) {
        alone.add(new Refused(batch.get(0), refusal));
      } else {
        int middle = batch.size() / 2;
        isolate(batch.subList(0, middle), alone);
        isolate(batch.subList(middle, batch.size()), alone);
      }
    }

    /** What it met may have been mended after it was tried, and before the others were taken. */
    private void tryAgain(ParsedRecord<?> reading) throws Exception {
      Exception refusal = attempt(List.of(reading), RecordFailures.NO_RETRY);
      if (refusal == null) {
        return;
      }
      if (RecordFailures.isStop(refusal)) {
        throw refusal;
      }
      if (!RecordFailures.isTransient(refusal)) {
        fail(reading, reason(refusal));
      } else if (FailureClassifier.isServerUnavailable(refusal)) {
        hold(List.of(reading), refusal);
      } else {
        fail(reading, "is refused while others are taken: " + reason(refusal));
      }
    }

    private void fail(ParsedRecord<?> reading, String why) {
      failed.add(new FailedRecord(reading.record(), why));
      held.release(Stream.of(reading.record()));
    }

    private void hold(List<ParsedRecord<?>> batch, Exception refusal) {
      String reason = FailureClassifier.reason(refusal);
      for (ParsedRecord<?> reading : batch) {
        waiting.add(reading.record());
        held.hold(reading.record(), reason);
      }
    }
  }

  private static Collection<List<ParsedRecord<?>>> byPartition(List<ParsedRecord<?>> batch) {
    Map<Integer, List<ParsedRecord<?>>> partitions = new LinkedHashMap<>();
    for (ParsedRecord<?> reading : batch) {
      partitions.computeIfAbsent(reading.record().partition(), n -> new ArrayList<>()).add(reading);
    }
    return partitions.values();
  }

  /** A bad event says in its own words what is wrong with it. */
  private static String reason(Throwable refusal) {
    InvalidEvent bad = RecordFailures.badEvent(refusal);
    return bad == null ? FailureClassifier.reason(refusal) : bad.fault();
  }
}
