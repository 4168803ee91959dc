package orderflow.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import orderflow.RetryPolicy;
import orderflow.RouteTest;
import orderflow.coupon.CouponConsumer;
import orderflow.coupon.CouponRedeemer;
import orderflow.coupon.CouponRedeemer.Redemption;
import orderflow.deadletter.DeadLetterRoute;
import orderflow.deadletter.DeadLetters;
import orderflow.outbox.Outbox;
import orderflow.platform.camel.BatchStatement;
import orderflow.platform.camel.UntypedParameters;
import orderflow.point.EarnRate;
import orderflow.point.PointConsumer;
import orderflow.point.PointLedger;
import org.apache.camel.CamelContext;
import org.apache.camel.EndpointInject;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.spring.junit5.UseAdviceWith;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

@RouteTest
@UseAdviceWith
@Import({
  OrderConsumerTemplate.class,
  OrderConsumers.class,
  OwnConsumerList.class,
  PointConsumer.class,
  CouponConsumer.class,
  DeadLetterRoute.class,
  RetryPolicy.class,
  HeldRecords.class,
  UntypedParameters.class,
  EffectRoutesTest.Beans.class
})
class EffectRoutesTest {

  private static final UUID ORDER = UUID.fromString("01a20334-04f4-7079-8f8d-876d10bd237b");

  @Autowired CamelContext camel;
  @Autowired ProducerTemplate producer;
  @MockitoBean DataSource dataSource;
  @MockitoBean Outbox outbox;
  @MockitoBean DeadLetters deadLetters;
  @MockitoSpyBean CouponRedeemer book;

  @EndpointInject("mock:jdbc:dataSource")
  MockEndpoint database;

  private final List<String> statements = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    if (!camel.getStatus().isStarted()) {
      for (String route : List.of("book-points", "use-coupons")) {
        AdviceWith.adviceWith(camel, route, advice -> advice.mockEndpointsAndSkip("jdbc:*"));
      }
      camel.start();
    }
    MockEndpoint.resetMocks(camel);
    answer(List.of());
  }

  @Test
  void booksABatchByOneStatementAndWakesTheOutbox() {
    send("direct:point-consumer", event("70200", null), event("100", null));

    assertThat(statements).containsExactly(PointLedger.BOOK);
    assertThat(entries()).contains("\"points\":702", "\"points\":1,");
    verify(outbox).wake();
  }

  @Test
  void anOrderWorthNoPointsNeedsNoStatement() {
    send("direct:point-consumer", event("99", null));

    assertThat(database.getReceivedCounter()).isZero();
  }

  @Test
  void whatCannotBeReadIsADeadLetterOfThatConsumerAndTheRestGoesOn() {
    send("direct:point-consumer", event("-1", null), event("70200", null));

    verify(deadLetters)
        .record(
            eq("point-consumer"),
            argThat(
                failed -> failed.size() == 1 && failed.get(0).error().equals("total is negative")));
    assertThat(database.getReceivedCounter()).isEqualTo(1);
  }

  @Test
  void usesReservedCouponsByOneStatement() {
    send("direct:coupon-consumer", event("70200", "WELCOME10"), event("70200", null));

    assertThat(statements).containsExactly(CouponRedeemer.USE);
    assertThat(entries()).contains("\"code\":\"WELCOME10\"", ORDER.toString());
    verify(book, never()).useUnreserved(any());
    verify(deadLetters, never()).record(any(), any());
  }

  @Test
  void usesTheCouponOfAnOrderThatNothingWasReservedFor() {
    answer(List.of(Map.of("order_id", ORDER)));

    send("direct:coupon-consumer", event("70200", "WELCOME10"));

    verify(book).useUnreserved(argThat(batch -> batch.get(0).value().code().equals("WELCOME10")));
  }

  @Test
  void aCouponThatCannotBeUsedIsADeadLetter() {
    answer(List.of(Map.of("order_id", ORDER)));
    EventRecord record = event("70200", "WELCOME10");
    doReturn(List.of(new FailedRecord(record, "coupon WELCOME10 does not exist")))
        .when(book)
        .useUnreserved(any());

    send("direct:coupon-consumer", record);

    verify(deadLetters)
        .record(
            eq("coupon-consumer"),
            argThat(failed -> failed.get(0).error().contains("coupon WELCOME10 does not exist")));
  }

  private void answer(List<?> rows) {
    database.whenAnyExchangeReceived(
        exchange -> {
          statements.add(exchange.getMessage().getBody(String.class));
          exchange.getMessage().setBody(rows);
        });
  }

  private String entries() {
    return database
        .getExchanges()
        .get(0)
        .getMessage()
        .getHeader(BatchStatement.ENTRIES, String.class);
  }

  private void send(String consumer, EventRecord... records) {
    assertThat(
            producer
                .send(consumer, exchange -> exchange.getMessage().setBody(List.of(records)))
                .getException())
        .isNull();
  }

  private static EventRecord event(String total, String coupon) {
    String json =
        """
        {"orderId":"%s","customer":{"id":"c-1001"},"currency":"KRW","total":"%s","discount":"7800","couponCode":%s}\
        """
            .formatted(ORDER, total, coupon == null ? "null" : '"' + coupon + '"');
    return new EventRecord(
        "order.completed", 0, 0, null, json.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  @TestConfiguration
  static class Beans {

    @Bean
    OwnConsumerSettings ownConsumers() {
      return new OwnConsumerSettings(Path.of("routes"), Duration.ofDays(1));
    }

    @Bean
    EffectMetrics metrics() {
      return new EffectMetrics(new SimpleMeterRegistry(), Clock.systemUTC());
    }

    @Bean
    PointLedger ledger() {
      return new PointLedger(new EarnRate(new BigDecimal("0.01")), Clock.systemUTC());
    }

    @Bean
    CouponRedeemer book() {
      return new CouponRedeemer(null, Clock.systemUTC()) {
        @Override
        public List<FailedRecord> useUnreserved(List<ParsedRecord<Redemption>> batch) {
          return List.of();
        }
      };
    }
  }
}
