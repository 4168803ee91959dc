package orderflow.deadletter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import orderflow.consumer.EventRecord;
import orderflow.consumer.InvalidEvent;
import orderflow.consumer.OrderConsumer;
import orderflow.consumer.OrderConsumers;
import orderflow.consumer.RecordCheck;
import orderflow.deadletter.DryRun.Check;
import orderflow.deadletter.DryRun.Name;
import orderflow.deadletter.DryRun.Outcome;
import orderflow.platform.retry.FailureClassifier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tries what a replay would do: the record is read as the consumer reads it and handed to the
 * consumer's own route, in a transaction that is always rolled back. No mail is sent, nothing is
 * published, no dead letter is filed.
 */
@Component
public class DryRuns {

  private final JdbcClient jdbc;
  private final OrderConsumers consumers;
  private final List<RecordCheck> mails;
  private final Replay replay;
  private final TransactionTemplate transaction;

  DryRuns(
      JdbcClient jdbc,
      OrderConsumers consumers,
      List<RecordCheck> mails,
      Replay replay,
      PlatformTransactionManager transactions) {
    this.jdbc = jdbc;
    this.consumers = consumers;
    this.mails = List.copyOf(mails);
    this.replay = replay;
    this.transaction = new TransactionTemplate(transactions);
  }

  private record Letter(String consumer, int version, EventRecord record) {}

  /** Tries a dead letter with its payload as it is now; empty if there is none of that id. */
  public Optional<DryRun> of(long id) {
    return jdbc.sql(
            """
            select consumer, version, topic, partition, "offset", key, payload, edited, headers
            from dead_letter where id = ?
            """)
        .param(id)
        .query(
            (row, n) ->
                new Letter(row.getString("consumer"), row.getInt("version"), Replayer.record(row)))
        .optional()
        .map(
            letter -> {
              List<Check> checks = checks(letter.consumer(), letter.record());
              boolean passes =
                  checks.stream().noneMatch(check -> check.outcome() == Outcome.FAILED);
              return new DryRun(id, letter.version(), passes, checks);
            });
  }

  private List<Check> checks(String name, EventRecord record) {
    Checks checks = new Checks();
    OrderConsumer<?> consumer = consumers.names().contains(name) ? consumers.get(name) : null;
    checks.add(
        Name.PARSE,
        () -> {
          record.fields();
          return "is an event in JSON";
        });
    checks.add(
        Name.SCHEMA,
        () ->
            consumer == null
                ? record.event().orderId() + " is its order"
                : needs(consumer, record));
    checks.addIfPassing(() -> order(record));
    mails.stream()
        .filter(check -> check.consumer().equals(name))
        .forEach(check -> checks.add(Name.TEMPLATE, () -> check.check(record)));
    if (consumer == null) {
      checks.addIfPassing(
          () ->
              new Check(
                  Name.APPLY,
                  Outcome.SKIPPED,
                  "what a shop's own route does can't be taken back, so it is not tried"));
    } else {
      checks.add(Name.APPLY, () -> apply(name, record));
    }
    return checks.all;
  }

  private static <T> String needs(OrderConsumer<T> consumer, EventRecord record) {
    T value = consumer.read(record);
    return value == null ? "there is nothing to do" : consumer.words(value);
  }

  private Check order(EventRecord record) {
    UUID order = record.event().orderIdIfAny();
    boolean known =
        order != null
            && jdbc.sql("select exists (select from orders where id = ?)")
                .param(order)
                .query(Boolean.class)
                .single();
    return known
        ? new Check(Name.ORDER, Outcome.PASSED, "order " + order + " is known here")
        : new Check(
            Name.ORDER,
            Outcome.NOTE,
            order == null
                ? "it names no order"
                : "order " + order + " is not known here: another system's, or a wrong id");
  }

  private String apply(String consumer, EventRecord record) {
    String refusal =
        transaction.execute(
            status -> {
              status.setRollbackOnly();
              return replay.tryOut(consumer, record);
            });
    if (refusal != null) {
      throw new InvalidEvent(refusal);
    }
    return "works; everything was rolled back";
  }

  /** One after the other; after a failure all are skipped. */
  private static final class Checks {

    private final List<Check> all = new ArrayList<>();
    private boolean failed;

    void add(Name name, Supplier<String> look) {
      addIfPassing(name, () -> new Check(name, Outcome.PASSED, look.get()));
    }

    void addIfPassing(Supplier<Check> look) {
      addIfPassing(null, look);
    }

    private void addIfPassing(@Nullable Name name, Supplier<Check> look) {
      if (failed) {
        if (name != null) {
          all.add(new Check(name, Outcome.SKIPPED, "not looked at"));
        }
        return;
      }
      try {
        all.add(look.get());
      } catch (InvalidEvent e) {
        fail(name, e.fault());
      } catch (RuntimeException | StackOverflowError e) { // the record's doing, whatever its class
        if (e instanceof RuntimeException failure && FailureClassifier.isTransient(failure)) {
          throw failure;
        }
        fail(name, InvalidEvent.unreadable(e).fault());
      }
    }

    private void fail(@Nullable Name name, String why) {
      failed = true;
      all.add(new Check(name == null ? Name.ORDER : name, Outcome.FAILED, why));
    }
  }
}
