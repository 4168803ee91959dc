package orderflow.platform.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import orderflow.platform.http.TraceParent;
import org.jspecify.annotations.Nullable;

/**
 * One trace for each order that is recorded: the request or the file's row that placed it, and each
 * step that follows from it. The context of the first one is stored with the order's event; all
 * steps are its children, whichever instance makes them. Without an endpoint nothing is recorded,
 * and {@link #areOn} is all that is asked.
 */
public final class Traces {

  /** A step that begins later is no part of what somebody waits for: it gets a trace of its own. */
  static final Duration LONGEST = Duration.ofMinutes(10);

  private static final int TRACE_ID = 3;
  private static final int SPAN_ID = 36;
  private static final int FLAGS = 53;

  private volatile @Nullable Tracer tracer;

  public Traces(@Nullable Tracer tracer) {
    this.tracer = tracer;
  }

  /** Tests look at the traces of an application that runs already. */
  void recordWith(@Nullable Tracer other) {
    tracer = other;
  }

  public boolean areOn() {
    return tracer != null;
  }

  /**
   * Begins the trace of a request, or goes on with its client's.
   *
   * @param name its method and route
   * @param client the client's context, as its header gives it
   */
  public Span request(String name, @Nullable String client) {
    return begin(name, SpanKind.SERVER, client == null ? null : context(client));
  }

  /** Begins the trace of an order that no request placed. */
  public Span order(String name) {
    return begin(name, SpanKind.INTERNAL, null);
  }

  private Span begin(String name, SpanKind kind, @Nullable SpanContext parent) {
    Tracer known = tracer;
    if (known == null) {
      return Span.getInvalid();
    }
    SpanBuilder builder = known.spanBuilder(name).setSpanKind(kind);
    return (parent == null
            ? builder.setNoParent()
            : builder.setParent(Context.root().with(Span.wrap(parent))))
        .startSpan();
  }

  /**
   * Begins a step of an order's trace.
   *
   * @param traceParent the context that is stored with its event
   * @param placedAt when the order was placed, in milliseconds since 1970; negative if that is not
   *     known
   * @param startedAt when the step began, in milliseconds since 1970
   * @return null if the trace is not recorded
   */
  public @Nullable Span step(
      String name, SpanKind kind, @Nullable String traceParent, long placedAt, long startedAt) {
    Tracer known = tracer;
    if (known == null || traceParent == null || !isRecorded(traceParent)) {
      return null;
    }
    SpanContext order = context(traceParent);
    SpanBuilder builder =
        known
            .spanBuilder(name)
            .setSpanKind(kind)
            .setStartTimestamp(startedAt, TimeUnit.MILLISECONDS);
    boolean isLate = placedAt >= 0 && startedAt - placedAt > LONGEST.toMillis();
    return (isLate
            ? builder.setNoParent().addLink(order)
            : builder.setParent(Context.root().with(Span.wrap(order))))
        .startSpan();
  }

  /** Ends a step that failed. */
  public static void fail(Span span, String type) {
    span.setStatus(StatusCode.ERROR);
    span.setAttribute("error.type", type);
    span.end();
  }

  /**
   * What is stored with the event of an order.
   *
   * @param client the client's own context
   * @return the span's if it is recorded; else the client's, marked as one that is not
   */
  public static @Nullable String stored(Span span, @Nullable String client) {
    SpanContext context = span.getSpanContext();
    if (context.isSampled()) {
      return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-01";
    }
    return client == null ? null : client.substring(0, FLAGS) + "00";
  }

  /** The context of what this thread does, as it is stored; null if it is not recorded. */
  public static @Nullable String current() {
    return stored(Span.current(), null);
  }

  private static boolean isRecorded(String traceParent) {
    return TraceParent.valid(traceParent) != null
        && (Character.digit(traceParent.charAt(FLAGS + 1), 16) & 1) == 1;
  }

  private static SpanContext context(String traceParent) {
    return SpanContext.createFromRemoteParent(
        traceParent.substring(TRACE_ID, SPAN_ID - 1),
        traceParent.substring(SPAN_ID, FLAGS - 1),
        TraceFlags.fromHex(traceParent, FLAGS),
        TraceState.getDefault());
  }
}
