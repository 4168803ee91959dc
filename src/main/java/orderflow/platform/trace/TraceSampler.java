package orderflow.platform.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Records a share of the traces that begin here, and goes on with those that are recorded. What a
 * client records is recorded here too, up to so many in a second: no client decides what tracing
 * costs.
 */
final class TraceSampler implements Sampler {

  private final Sampler beginning;
  private final int maxClientTraces;
  private final LongSupplier nanoTime;
  private long second;
  private int ofSecond;

  TraceSampler(double ratio, int maxClientTraces, LongSupplier nanoTime) {
    this.beginning = Sampler.traceIdRatioBased(ratio);
    this.maxClientTraces = maxClientTraces;
    this.nanoTime = nanoTime;
  }

  @Override
  public SamplingResult shouldSample(
      Context parent,
      String traceId,
      String name,
      SpanKind kind,
      Attributes attributes,
      List<LinkData> links) {
    SpanContext before = Span.fromContext(parent).getSpanContext();
    if (before.isValid()) {
      boolean goesOn = before.isSampled() && (kind != SpanKind.SERVER || isAllowed());
      return goesOn ? SamplingResult.recordAndSample() : SamplingResult.drop();
    }
    if (links.stream().anyMatch(link -> link.getSpanContext().isSampled())) {
      return SamplingResult.recordAndSample();
    }
    return beginning.shouldSample(parent, traceId, name, kind, attributes, links);
  }

  private synchronized boolean isAllowed() {
    long now = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong());
    if (now != second) {
      second = now;
      ofSecond = 0;
    }
    return ofSecond++ < maxClientTraces;
  }

  @Override
  public String getDescription() {
    return "TraceSampler{" + beginning.getDescription() + "," + maxClientTraces + "}";
  }
}
