package orderflow.mail;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import orderflow.mail.DeliveryResult.State;
import orderflow.order.OrderIds;
import orderflow.outbox.RecordHeaders;
import orderflow.platform.http.TraceParent;
import orderflow.platform.trace.Traces;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Records attempts to send mails as steps of their orders' traces. */
@Component
class MailTraces {

  private final Traces traces;

  MailTraces(Traces traces) {
    this.traces = traces;
  }

  /** Begins an attempt; null if its order's trace is not recorded. */
  @Nullable Span begin(DueMail mail) {
    String headers = mail.headers();
    if (!traces.areOn() || headers == null || !headers.contains(TraceParent.HEADER)) {
      return null;
    }
    Span span =
        traces.step(
            "send mail",
            SpanKind.CLIENT,
            TraceParent.of(RecordHeaders.of(headers)),
            OrderIds.madeAt(mail.orderId()),
            System.currentTimeMillis());
    if (span != null) {
      span.setAttribute("orderflow.order.id", mail.orderId().toString());
      span.setAttribute("orderflow.mail.kind", MailKind.of(mail.kind()).name());
      span.setAttribute("orderflow.mail.attempt", mail.attempts() + 1);
    }
    return span;
  }

  /**
   * Ends an attempt.
   *
   * @param result null if the server was away
   */
  void end(@Nullable Span span, @Nullable DeliveryResult result) {
    if (span == null) {
      return;
    }
    if (result == null) {
      Traces.fail(span, "mail server away");
    } else if (result.state() == State.SENT) {
      span.end();
    } else {
      Traces.fail(span, result.state() == State.FAILED ? "refused" : "busy");
    }
  }
}
