package orderflow;

import java.util.ArrayList;
import java.util.List;
import orderflow.deadletter.DeadLetters.Failed;
import orderflow.event.BadEvent;
import orderflow.event.Reading;
import orderflow.failure.Failures;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;

/**
 * Has a batch applied by another route, and halves what is refused until the culprit stands alone: one bad
 * record in 500 costs about 18 more statements, not 500. Culprits join the property {@link Triage#FAILED}, as
 * does what the other route itself gave up on.
 */
final class Halving implements Processor {

  private final ProducerTemplate routes;
  private final String applying;

  /** @param applying the endpoint whose route applies a batch, wholly or not at all */
  Halving(ProducerTemplate routes, String applying) {
    this.routes = routes;
    this.applying = applying;
  }

  @Override
  public void process(Exchange exchange) throws Exception {
    List<Failed> failed = new ArrayList<>(Triage.failed(exchange));
    apply(Triage.readings(exchange), failed);
    exchange.setProperty(Triage.FAILED, failed);
  }

  private void apply(List<? extends Reading<?>> batch, List<Failed> failed) throws Exception {
    if (batch.isEmpty()) {
      return;
    }
    Exchange applied = routes.send(applying, exchange -> exchange.getMessage().setBody(batch));
    Exception refusal = applied.getException();
    if (refusal == null) {
      failed.addAll(Triage.failed(applied));
      return;
    }
    if (Failures.isAway(refusal)) {
      throw refusal; // given up only because this instance stops: the records stay where they are
    }
    if (batch.size() == 1) {
      failed.add(new Failed(batch.get(0).record(), reason(refusal)));
      return;
    }
    int middle = batch.size() / 2;
    apply(batch.subList(0, middle), failed);
    apply(batch.subList(middle, batch.size()), failed);
  }

  /** A bad event says in its own words what is wrong with it. */
  private static String reason(Throwable refusal) {
    for (@Nullable Throwable cause = refusal; cause != null; cause = cause.getCause()) {
      if (cause instanceof BadEvent bad) {
        return bad.fault();
      }
    }
    return Failures.reason(refusal);
  }
}
