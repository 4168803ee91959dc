package orderflow.platform.camel;

import io.opentelemetry.api.trace.SpanContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.web.servlet.HandlerMapping;

/** The trace and the order of a request, where it has them, in the log lines of its thread. */
final class LogContext implements AutoCloseable {

  private static final String TRACE = "traceId";
  private static final String ORDER = "orderId";

  private static final int TRACE_BEGIN = 3;
  private static final int TRACE_END = 35;

  private LogContext() {}

  static LogContext of(HttpServletRequest request, @Nullable String traceParent) {
    if (traceParent != null) {
      MDC.put(TRACE, traceParent.substring(TRACE_BEGIN, TRACE_END));
    }
    if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
            instanceof Map<?, ?> variables
        && variables.get(ORDER) instanceof String order) {
      MDC.put(ORDER, order);
    }
    return new LogContext();
  }

  void traceIs(SpanContext trace) {
    if (trace.isSampled()) {
      MDC.put(TRACE, trace.getTraceId());
    }
  }

  @Override
  public void close() {
    MDC.remove(TRACE);
    MDC.remove(ORDER);
  }
}
