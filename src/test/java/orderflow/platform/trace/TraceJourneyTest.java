package orderflow.platform.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.stream.Stream;
import orderflow.Http;
import orderflow.OrderflowTest;
import orderflow.intake.Door;
import orderflow.intake.Intake;
import orderflow.intake.PlacementResult;
import orderflow.order.Customer;
import orderflow.order.Item;
import orderflow.order.NewOrder;
import orderflow.outbox.Priority;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What an order and its reversal leave of traces, from the client to the mail server. */
@OrderflowTest
class TraceJourneyTest {

  private static final String CANCELS = "POST /api/orders/{orderId}/cancel";
  private static final AttributeKey<String> CONSUMER = AttributeKey.stringKey("orderflow.consumer");
  private static final String CLIENT_SPAN = "00f067aa0ba902b7";

  @Autowired Traces traces;
  @Autowired Intake intake;
  private static final String CANCEL = "{\"reason\":\"CUSTOMER\"}";

  @LocalServerPort int port;

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final String run = "trace-" + UUID.randomUUID();
  private final String trace = UUID.randomUUID().toString().replace("-", "");

  @BeforeEach
  void recordAll() {
    traces.recordWith(
        SdkTracerProvider.builder()
            .setSampler(new TraceSampler(1, 100, System::nanoTime))
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build()
            .get("test"));
  }

  @AfterEach
  void recordNothing() {
    traces.recordWith(null);
  }

  @Test
  void anOrderOverHttpIsOneTraceFromItsClientToTheMailServer() {
    String order = place("01");

    List<SpanData> spans = recorded(trace, 8);
    SpanData request = one(spans, "POST /api/orders");
    assertThat(request.getParentSpanId()).isEqualTo(CLIENT_SPAN);
    assertThat(request.getAttributes().get(AttributeKey.longKey("http.response.status_code")))
        .isEqualTo(201);
    assertThat(steps(spans))
        .containsExactlyInAnyOrder(
            "send order.completed",
            "process order.completed point-consumer",
            "process order.completed coupon-consumer",
            "process order.completed email-consumer",
            "send point.earned",
            "send coupon.used",
            "send mail");
    assertThat(spans)
        .filteredOn(span -> span != request)
        .allMatch(span -> span.getParentSpanId().equals(request.getSpanId()))
        .allMatch(span -> span.getStatus().getStatusCode() == StatusCode.UNSET)
        .allMatch(span -> span.getStartEpochNanos() <= span.getEndEpochNanos());
    assertThat(
            one(spans, "send mail")
                .getAttributes()
                .get(AttributeKey.stringKey("orderflow.order.id")))
        .isEqualTo(order);
  }

  @Test
  void itsCancellationIsATraceUpToItsEvents() {
    String order = place("01");
    recorded(trace, 8);
    String cancelling = UUID.randomUUID().toString().replace("-", "");

    Http.Response cancelled =
        new Http(port)
            .post(
                "/api/orders/" + order + "/cancel",
                CANCEL,
                "Idempotency-Key",
                run,
                "traceparent",
                "00-" + cancelling + "-" + CLIENT_SPAN + "-01");

    assertThat(cancelled.status()).isEqualTo(201);
    await()
        .untilAsserted(
            () ->
                assertThat(steps(spans(cancelling)))
                    .contains(
                        "send order.cancelled", "send point.changed", "send coupon.released"));
    await()
        .until(() -> spans(cancelling).stream().anyMatch(span -> span.getName().equals(CANCELS)));
    List<SpanData> spans = spans(cancelling);
    SpanData request = one(spans, CANCELS);
    assertThat(one(spans, "send order.cancelled").getParentSpanId()).isEqualTo(request.getSpanId());
  }

  @Test
  void anOrderWhoseClientDoesNotRecordLeavesNone() {
    String order = place("00");
    Http http = new Http(port);
    await()
        .until(
            () ->
                http.get("/api/orders/" + order)
                    .json()
                    .at("/effects/email/status")
                    .asText()
                    .equals("DONE"));

    assertThat(spans(trace)).isEmpty();
  }

  @Test
  void anOrderOfAFileBeginsATraceOfItsOwn() {
    PlacementResult placed =
        intake
            .place(
                Door.FILE,
                List.of(
                    new NewOrder(
                        new Customer(run, "minji@example.com", "Minji", "ko", null),
                        Currency.getInstance("KRW"),
                        List.of(new Item("A", "A", 1, new BigDecimal("20000"))),
                        null,
                        run)),
                Priority.BULK,
                false)
            .get(0);

    UUID order = ((PlacementResult.Placed) placed).order().orderId();
    await()
        .ignoreException(NoSuchElementException.class)
        .untilAsserted(
            () -> {
              SpanData first =
                  exporter.getFinishedSpanItems().stream()
                      .filter(span -> span.getName().equals("import order"))
                      .filter(
                          span ->
                              order
                                  .toString()
                                  .equals(
                                      span.getAttributes()
                                          .get(AttributeKey.stringKey("orderflow.order.id"))))
                      .findFirst()
                      .orElseThrow();
              assertThat(steps(spans(first.getTraceId())))
                  .contains(
                      "send order.completed",
                      "process order.completed point-consumer",
                      "process order.completed email-consumer",
                      "send point.earned",
                      "send mail");
            });
  }

  private String place(String flags) {
    Http http = new Http(port);
    http.post(
        "/api/coupons",
        "{\"code\":\"%s\",\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"}}".formatted(run));
    Http.Response placed =
        http.post(
            "/api/orders",
            """
            {"customer":{"id":"%1$s","email":"minji@example.com","name":"Minji"},"currency":"KRW",
             "items":[{"sku":"A","name":"A","quantity":1,"unitPrice":"20000"}],"couponCode":"%1$s"}
            """
                .formatted(run),
            "traceparent",
            "00-" + trace + "-" + CLIENT_SPAN + "-" + flags);
    assertThat(placed.status()).as(placed.raw().body()).isEqualTo(201);
    return placed.json().get("orderId").textValue();
  }

  private List<SpanData> recorded(String traceId, int atLeast) {
    return await().until(() -> spans(traceId), spans -> spans.size() >= atLeast);
  }

  private List<SpanData> spans(String traceId) {
    return exporter.getFinishedSpanItems().stream()
        .filter(span -> span.getTraceId().equals(traceId))
        .toList();
  }

  private static SpanData one(List<SpanData> spans, String name) {
    return spans.stream().filter(span -> span.getName().equals(name)).findFirst().orElseThrow();
  }

  private static List<String> steps(List<SpanData> spans) {
    return spans.stream()
        .filter(span -> !span.getName().startsWith("POST"))
        .map(
            span ->
                Stream.of(span.getName(), span.getAttributes().get(CONSUMER))
                    .filter(java.util.Objects::nonNull)
                    .collect(java.util.stream.Collectors.joining(" ")))
        .toList();
  }
}
