package orderflow.mail;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import orderflow.consumer.EffectMetrics;
import orderflow.mail.DeliveryResult.State;
import orderflow.outbox.Priority;
import org.springframework.stereotype.Component;

/** Counts attempts to send mails by what became of them, and measures those that succeed. */
@Component
class MailMetrics {

  private final MeterRegistry meters;
  private final EffectMetrics effects;

  MailMetrics(MeterRegistry meters, EffectMetrics effects) {
    this.meters = meters;
    this.effects = effects;
    for (MailKind kind : MailKind.values()) {
      List.of("sent", "refused", "in_doubt", "busy").forEach(outcome -> counter(kind, outcome));
    }
  }

  /** Notes attempts whose results were saved. */
  void settled(List<TakenMail> settled) {
    for (TakenMail mail : settled) {
      DeliveryResult result = mail.outcome();
      DueMail before = mail.mail();
      if (result.attempts() > before.attempts()) {
        counter(MailKind.of(before.kind()), outcome(before, result)).increment();
        if (result.state() == State.SENT && before.isEffect()) {
          effects.committed(EffectMetrics.Effect.MAIL, lane(before), before.orderId());
        }
      }
    }
  }

  private Counter counter(MailKind kind, String outcome) {
    return Counter.builder("orderflow.mails")
        .description("Attempts to send mails, by what became of them")
        .tag("kind", kind.name().toLowerCase(Locale.ROOT))
        .tag("outcome", outcome)
        .register(meters);
  }

  private static Priority lane(DueMail mail) {
    return mail.lane() == MailLane.BULK ? Priority.BULK : Priority.LIVE;
  }

  private static String outcome(DueMail before, DeliveryResult result) {
    return switch (result.state()) {
      case SENT -> "sent";
      case FAILED -> "refused";
      case QUEUED -> result.inDoubt() && !before.inDoubt() ? "in_doubt" : "busy";
    };
  }
}
