package orderflow.platform.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracesTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String RECORDED = "00-" + TRACE + "-00f067aa0ba902b7-01";
  private static final String UNRECORDED = "00-" + TRACE + "-00f067aa0ba902b7-00";

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final AtomicLong nanoTime = new AtomicLong();

  @Test
  void aRequestGoesOnWithItsClientsTraceAndItsOwnContextIsStored() {
    Span span = traces(0, 1).request("POST /api/orders", RECORDED);
    span.end();

    SpanData recorded = exporter.getFinishedSpanItems().get(0);
    assertThat(recorded.getTraceId()).isEqualTo(TRACE);
    assertThat(recorded.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
    assertThat(Traces.stored(span, RECORDED))
        .isEqualTo("00-" + TRACE + "-" + recorded.getSpanId() + "-01");
  }

  @Test
  void aClientThatDoesNotRecordIsNotRecordedHereAndItsContextGoesOn() {
    Span span = traces(1, 100).request("POST /api/orders", UNRECORDED);
    span.end();

    assertThat(exporter.getFinishedSpanItems()).isEmpty();
    assertThat(Traces.stored(span, UNRECORDED)).isEqualTo(UNRECORDED);
  }

  @Test
  void clientsHaveNoMoreTracesRecordedInASecondThanAllowed() {
    Traces traces = traces(0, 3);
    IntStream.range(0, 10).forEach(i -> traces.request("POST /api/orders", RECORDED).end());
    assertThat(exporter.getFinishedSpanItems()).hasSize(3);
    assertThat(Traces.stored(traces.request("POST /api/orders", RECORDED), RECORDED))
        .as("so that no later step records what this one did not")
        .isEqualTo(UNRECORDED);

    nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(1));
    traces.request("POST /api/orders", RECORDED).end();

    assertThat(exporter.getFinishedSpanItems()).hasSize(4);
  }

  @Test
  void aShareOfTheTracesThatBeginHereIsRecorded() {
    Traces traces = traces(0.05, 0);
    IntStream.range(0, 10_000).forEach(i -> traces.order("import order").end());

    assertThat(exporter.getFinishedSpanItems()).hasSizeBetween(350, 650);
  }

  @Test
  void aStepIsAChildOfItsOrder() {
    Span step = traces(0, 0).step("send mail", SpanKind.CLIENT, RECORDED, 1_000, 1_000 + 600_000);
    step.end();

    SpanData recorded = exporter.getFinishedSpanItems().get(0);
    assertThat(recorded.getTraceId()).isEqualTo(TRACE);
    assertThat(recorded.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
    assertThat(recorded.getLinks()).isEmpty();
  }

  @Test
  void aStepThatBeginsLongAfterItsOrderHasATraceOfItsOwnThatLeadsThere() {
    Span step = traces(0, 0).step("send mail", SpanKind.CLIENT, RECORDED, 1_000, 1_000 + 600_001);
    step.end();

    SpanData recorded = exporter.getFinishedSpanItems().get(0);
    assertThat(recorded.getTraceId()).isNotEqualTo(TRACE);
    assertThat(recorded.getParentSpanContext().isValid()).isFalse();
    assertThat(recorded.getLinks())
        .singleElement()
        .satisfies(link -> assertThat(link.getSpanContext().getTraceId()).isEqualTo(TRACE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        UNRECORDED,
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "",
        "01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01"
      })
  void anOrderThatIsNotRecordedHasNoSteps(String traceParent) {
    assertThat(traces(1, 9).step("send mail", SpanKind.CLIENT, traceParent, 0, 1)).isNull();
    assertThat(traces(1, 9).step("send mail", SpanKind.CLIENT, null, 0, 1)).isNull();
  }

  @Test
  void withoutAnEndpointNothingIsRecordedAndNoSpanIsMade() {
    Traces off = new Traces(null);

    assertThat(off.areOn()).isFalse();
    assertThat(off.step("send mail", SpanKind.CLIENT, RECORDED, 0, 1)).isNull();
    assertThat(off.order("import order")).isSameAs(Span.getInvalid());
  }

  private Traces traces(double ratio, int maxClientTraces) {
    return new Traces(
        SdkTracerProvider.builder()
            .setSampler(new TraceSampler(ratio, maxClientTraces, nanoTime::get))
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build()
            .get("test"));
  }
}
