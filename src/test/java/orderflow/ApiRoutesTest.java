package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.ArgumentMatchers.isNull;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.core.JacksonException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import orderflow.coupon.CouponApi;
import orderflow.coupon.CouponRefusal;
import orderflow.coupon.CouponResult;
import orderflow.coupon.CouponService;
import orderflow.deadletter.DeadLetterApi;
import orderflow.deadletter.DeadLetterDesk;
import orderflow.deadletter.DeadLetterResult;
import orderflow.deadletter.DeadLetterSummary;
import orderflow.deadletter.DryRuns;
import orderflow.deadletter.ReplayRequest;
import orderflow.fileimport.ImportApi;
import orderflow.fileimport.Imports;
import orderflow.intake.GroupCommit;
import orderflow.intake.PlacementResult;
import orderflow.mail.MailQueue;
import orderflow.mail.ResendResult;
import orderflow.order.OrderApi;
import orderflow.order.OrderStatus;
import orderflow.order.OrderSummary;
import orderflow.overview.OrderFilter;
import orderflow.overview.Orders;
import orderflow.platform.camel.ApiRequest;
import orderflow.platform.camel.HttpFailures;
import orderflow.platform.camel.WhitelistHttpEngine;
import orderflow.platform.http.Page;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import orderflow.platform.http.ProblemWriter;
import orderflow.platform.jdbc.RequestLimit;
import orderflow.platform.json.ValidationException;
import orderflow.platform.security.Actor;
import orderflow.platform.security.Calls;
import orderflow.point.PointAccounts;
import orderflow.privacy.PersonalData;
import orderflow.privacy.PersonalDataApi;
import org.apache.camel.CamelContext;
import org.apache.camel.EndpointInject;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.web.servlet.HandlerMapping;

@RouteTest
@ImportAutoConfiguration(JacksonAutoConfiguration.class)
@Import({
  OrderApi.class,
  CouponApi.class,
  PersonalDataApi.class,
  DeadLetterApi.class,
  ImportApi.class,
  HttpFailures.class,
  Calls.class,
  WhitelistHttpEngine.class
})
class ApiRoutesTest {

  private static final UUID ID = UUID.fromString("019ab2c4-7d1e-7a51-9c3f-0b6a4a1f2e30");
  private static final OrderSummary ORDER =
      new OrderSummary(
          ID,
          "1001",
          OrderStatus.COMPLETED,
          "c-1",
          "KRW",
          BigDecimal.TEN,
          BigDecimal.ZERO,
          BigDecimal.TEN,
          null,
          List.of(),
          List.of(),
          Instant.EPOCH);
  private static final Actor NOBODY = new Actor("nobody", "", null);

  private static final String BODY =
      """
      {"customer":{"id":"c-1","email":"a@example.com","name":"A"},"currency":"KRW",
       "items":[{"sku":"s","name":"n","quantity":1,"unitPrice":"10"}]}
      """;

  @Autowired CamelContext camel;
  @Autowired ProducerTemplate producer;

  @MockitoBean GroupCommit intake;
  @MockitoBean Orders orders;
  @MockitoBean MailQueue mails;
  @MockitoBean CouponService coupons;
  @MockitoBean PointAccounts points;
  @MockitoBean PersonalData personalData;
  @MockitoBean DeadLetterDesk desk;
  @MockitoBean DeadLetterSummary deadLetters;
  @MockitoBean DryRuns dryRuns;
  @MockitoBean Imports imports;
  @MockitoBean ProblemWriter problems;
  @MockitoBean RequestLimit limit;

  @EndpointInject("mock:answer")
  MockEndpoint answers;

  private final MockHttpServletRequest request = new MockHttpServletRequest();

  @BeforeEach
  void start() throws Exception {
    when(desk.consumers()).thenReturn(new String[] {"email-consumer"});
    camel.start();
    for (RouteDefinition route : List.copyOf(((ModelCamelContext) camel).getRouteDefinitions())) {
      if (route.getInput().getEndpointUri().startsWith("platform-http")) {
        AdviceWith.adviceWith(
            camel,
            route.getRouteId(),
            advice -> {
              advice.replaceFromWith("direct:" + route.getRouteId());
              advice.weaveAddLast().to("mock:answer");
            });
      }
    }
    MockEndpoint.resetMocks(camel);
  }

  @Test
  void placeOrderAnswersWithTheOrdersAddressAndNothingThatCameIn() {
    when(intake.place(any())).thenReturn(new PlacementResult.Placed(ORDER));

    Exchange answer = call("place-order", BODY);

    assertThat(status(answer)).isEqualTo(201);
    assertThat(answer.getMessage().getHeaders())
        .containsOnlyKeys(Exchange.HTTP_RESPONSE_CODE, "Location", Exchange.CONTENT_TYPE)
        .containsEntry("Location", "/api/orders/" + ID);
    assertThat(json(answer)).contains("\"total\":\"10\"");
  }

  @Test
  void placeOrderTellsAReplay() {
    when(intake.place(any())).thenReturn(new PlacementResult.Replayed(ORDER));

    assertThat(call("place-order", BODY).getMessage().getHeader("Idempotent-Replayed"))
        .isEqualTo("true");
  }

  @Test
  void placeOrderLeavesFailuresToTheServer() {
    assertThat(call("place-order", "{").getException()).isInstanceOf(JacksonException.class);
    assertThat(call("place-order", "{}").getException()).isInstanceOf(ValidationException.class);
    verify(intake, never()).place(any());

    when(intake.place(any()))
        .thenReturn(new PlacementResult.CouponNotRedeemable("X", CouponRefusal.EXPIRED));
    assertRefused(call("place-order", BODY), ProblemType.COUPON_NOT_REDEEMABLE);
    when(intake.place(any())).thenReturn(new PlacementResult.ReferenceReused("key"));
    assertRefused(call("place-order", BODY), ProblemType.IDEMPOTENCY_KEY_REUSED);
    assertThat(answers.getReceivedCounter()).isZero();
  }

  @Test
  void resendEmailAnswersAccepted() {
    path("orderId", ID.toString());
    when(mails.resend(ID, NOBODY)).thenReturn(ResendResult.NO_ADDRESS);
    assertRefused(call("resend-email", null), ProblemType.NOT_FOUND);
    when(mails.resend(ID, NOBODY)).thenReturn(ResendResult.ORDER_CANCELLED);
    assertRefused(call("resend-email", null), ProblemType.ORDER_ALREADY_CANCELLED);

    when(mails.resend(ID, NOBODY)).thenReturn(ResendResult.QUEUED);
    assertThat(status(call("resend-email", null))).isEqualTo(202);
  }

  @Test
  void listOrdersGivesThePageItsName() {
    when(orders.list(eq(OrderFilter.NONE), anyInt(), isNull()))
        .thenReturn(new Page<>(List.of(ORDER), "next"));

    assertThat(json(call("list-orders", null)))
        .startsWith("{\"orders\":[{")
        .endsWith("],\"next\":\"next\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"get-order", "get-coupon", "get-dead-letter", "get-import"})
  void whatIsNotThereIsNotFound(String route) {
    path("orderId", ID.toString());
    path("code", "X");
    path("id", "1");

    assertRefused(call(route, null), ProblemType.NOT_FOUND);
  }

  @Test
  void createCouponReadsTheBodyStrictly() {
    assertThat(call("create-coupon", "{\"code\":1}").getException())
        .isInstanceOf(ValidationException.class);
    verifyNoInteractions(coupons);
  }

  @Test
  void createCouponAnswersThatTheCodeIsTaken() {
    when(coupons.add(any(), any())).thenReturn(new CouponResult.CodeTaken("X"));

    Exchange answer =
        call(
            "create-coupon",
            "{\"code\":\"X\",\"discount\":{\"type\":\"PERCENT\",\"value\":\"5\"}}");

    assertRefused(answer, ProblemType.COUPON_EXISTS);
    assertThat(((ProblemException) answer.getException()).getBody().getProperties())
        .isEqualTo(Map.of("code", "X"));
  }

  @Test
  void getPointsAsksForThePage() {
    path("customerId", "c-1");
    request.setParameter("limit", "7");
    when(points.find("c-1", 7, null))
        .thenReturn(new PointAccounts.Account("c-1", 5, List.of(), null));

    assertThat(json(call("get-points", null))).contains("\"balance\":5");
  }

  @Test
  void erasePersonalDataAnswersWithNothing() {
    path("customerId", "c-1");

    Exchange answer = call("erase-personal-data", null);

    assertThat(status(answer)).isEqualTo(204);
    assertThat(answer.getMessage().getBody()).isNull();
    verify(personalData).erase("c-1", NOBODY);
  }

  @Test
  void operatorsCallsReachTheDesk() {
    path("id", "7");
    when(desk.replay(7, NOBODY)).thenReturn(DeadLetterResult.DONE);
    when(desk.discard(7, NOBODY)).thenReturn(DeadLetterResult.DONE);
    when(desk.find(7)).thenReturn(Optional.empty());
    request.setParameter("consumer", "email-consumer");
    when(desk.replayAll(new DeadLetterDesk.Group("email-consumer", null, null, null, null), NOBODY))
        .thenReturn(new ReplayRequest("email-consumer", null, 3, false, 9));

    assertThat(status(call("replay-dead-letter", null))).isEqualTo(202);
    assertThat(json(call("replay-dead-letters", null)))
        .isEqualTo("{\"consumer\":\"email-consumer\",\"replays\":3,\"operation\":9}");
    call("discard-dead-letter", null);

    verify(desk).replay(7, NOBODY);
    verify(desk).discard(7, NOBODY);
  }

  @ParameterizedTest
  @CsvSource({
    "UNKNOWN, NOT_FOUND",
    "SETTLED, DEAD_LETTER_SETTLED",
    "REPLAYING, DEAD_LETTER_REPLAYING"
  })
  void theDesksRefusalsAreProblems(DeadLetterResult result, ProblemType type) {
    path("id", "7");
    when(desk.replay(7, NOBODY)).thenReturn(result);
    when(desk.discard(7, NOBODY)).thenReturn(result);

    assertRefused(call("replay-dead-letter", null), type);
    assertRefused(call("discard-dead-letter", null), type);
  }

  @Test
  void deadLettersOfOneCauseAreReplayedAsOne() {
    request.setParameter("consumer", "email-consumer");
    request.setParameter("cause", "coupon … does not exist");
    when(desk.replayAll(
            new DeadLetterDesk.Group("email-consumer", "coupon … does not exist", null, null, null),
            NOBODY))
        .thenReturn(
            new ReplayRequest("email-consumer", "coupon … does not exist", 100_000, true, 9));

    assertThat(json(call("replay-dead-letters", null)))
        .contains("\"cause\":\"coupon … does not exist\"", "\"more\":true");

    request.setParameter("cause", "x".repeat(201));
    assertRefused(call("replay-dead-letters", null), ProblemType.MALFORMED_REQUEST);
  }

  @Test
  void anActIsRecordedUnderItsCallersNameAndItsRequestsId() {
    path("id", "7");
    when(desk.discard(eq(7L), any())).thenReturn(DeadLetterResult.DONE);
    when(desk.find(7)).thenReturn(Optional.empty());
    MDC.put("requestId", "r-1");
    try {
      call("discard-dead-letter", null);
    } finally {
      MDC.remove("requestId");
    }

    verify(desk).discard(7, new Actor("nobody", "", "r-1"));
  }

  @Test
  void sumsUpDeadLetters() {
    when(deadLetters.groups())
        .thenReturn(
            List.of(
                new DeadLetterSummary.Group(
                    "email-consumer", "is no JSON", 2, false, Instant.EPOCH, Instant.EPOCH)));

    assertThat(json(call("sum-up-dead-letters", null)))
        .startsWith(
            "{\"groups\":[{\"consumer\":\"email-consumer\",\"cause\":\"is no JSON\",\"count\":2");
  }

  @Test
  void listsRefuseParametersTheyDoNotKnow() {
    request.setParameter("customerID", "c-1");

    for (String route : List.of("list-orders", "list-dead-letters", "list-imports")) {
      assertRefused(call(route, null), ProblemType.MALFORMED_REQUEST);
    }
  }

  @Test
  void listImportsAndDeadLettersGiveTheirPagesNames() {
    var running =
        new orderflow.fileimport.Import(
            1, "a.csv", "RUNNING", null, null, 0, 1, 0, 0, 0, 0, Instant.EPOCH, null);
    when(imports.list(50, null)).thenReturn(new Page<>(List.of(running), null));
    when(desk.list(null, null, 50, null)).thenReturn(new Page<>(List.of(), null));

    assertThat(json(call("list-imports", null))).startsWith("{\"imports\":[{\"id\":1");
    assertThat(json(call("list-dead-letters", null)))
        .isEqualTo("{\"deadLetters\":[],\"next\":null}");
  }

  private Exchange call(String route, String body) {
    return producer.send(
        "direct:" + route + "?block=false",
        exchange -> {
          exchange.setProperty(ApiRequest.PROPERTY, new ApiRequest(request));
          exchange.getMessage().setHeader("kafka.OVERRIDE_TOPIC", "evil");
          exchange.getMessage().setBody(body);
        });
  }

  private void path(String name, String value) {
    Object known = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
    Map<String, Object> variables = new HashMap<>(Map.of(name, value));
    if (known instanceof Map<?, ?> before) {
      before.forEach((key, old) -> variables.put((String) key, old));
    }
    request.setAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, variables);
  }

  private static int status(Exchange answer) {
    assertThat(answer.getException()).isNull();
    return answer.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
  }

  private static String json(Exchange answer) {
    assertThat(answer.getException()).isNull();
    return new String(answer.getMessage().getBody(byte[].class), StandardCharsets.UTF_8);
  }

  private static void assertRefused(Exchange answer, ProblemType type) {
    assertThat(answer.getException()).isInstanceOf(ProblemException.class);
    assertThat(((ProblemException) answer.getException()).type()).isEqualTo(type);
  }
}
