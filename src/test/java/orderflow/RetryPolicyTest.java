package orderflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import orderflow.consumer.Bisect;
import orderflow.consumer.EventRecord;
import orderflow.consumer.FailedRecord;
import orderflow.consumer.HeldRecords;
import orderflow.consumer.ParseRecords;
import orderflow.consumer.ParsedRecord;
import org.apache.camel.CamelContext;
import org.apache.camel.EndpointInject;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

@RouteTest
@Import({RetryPolicy.class, HeldRecords.class, RetryPolicyTest.Routes.class})
class RetryPolicyTest {

  @Autowired CamelContext camel;
  @Autowired ProducerTemplate producer;
  @Autowired HeldRecords held;

  @EndpointInject("mock:statement")
  MockEndpoint statement;

  private final List<Integer> applied = new ArrayList<>();

  @BeforeEach
  void start() {
    if (!camel.getStatus().isStarted()) {
      camel.start();
    }
    MockEndpoint.resetMocks(camel);
    held.of("a-consumer").release(IntStream.range(0, 500).mapToObj(RetryPolicyTest::record));
  }

  @Test
  void tellsAFailureOfTheWorldByItsRedeliveries() {
    statement.whenAnyExchangeReceived(exchange -> applied.addAll(offsets(exchange)));
    statement.whenExchangeReceived(
        1, exchange -> exchange.setException(new SQLException("connection refused", "08001")));
    statement.whenExchangeReceived(
        2, exchange -> exchange.setException(new SQLException("restart", "57P01")));

    Exchange handled = send(5);

    assertThat(handled.getException()).isNull();
    assertThat(statement.getReceivedCounter()).isEqualTo(3);
    assertThat(applied).containsExactly(0, 1, 2, 3, 4);
    assertThat(deadLetters(handled)).isEmpty();
  }

  @Test
  void findsTheCulpritByBisecting() {
    refuse(Set.of(321));

    Exchange handled = send(500);

    assertThat(handled.getException()).isNull();
    assertThat(applied).hasSize(499).doesNotContain(321).doesNotHaveDuplicates();
    assertThat(deadLetters(handled)).containsExactly(321);
    assertThat(statement.getReceivedCounter()).as("statements").isBetween(15, 20);
  }

  @Test
  void leavesNoneOutWhenSeveralAreBad() {
    refuse(Set.of(0, 1, 17, 99));

    Exchange handled = send(100);

    assertThat(applied).hasSize(96).doesNotHaveDuplicates();
    assertThat(deadLetters(handled)).containsExactlyInAnyOrder(0, 1, 17, 99);
  }

  @Test
  void saysInTheDeadLetterWhy() {
    refuse(Set.of(0));

    assertThat(ParseRecords.failed(send(1)))
        .extracting(FailedRecord::error)
        .containsExactly("SQLException: refused");
  }

  @Test
  void aMissingTableSendsNothingToTheDeadLetters() {
    statement.whenExchangeReceived(
        1, exchange -> exchange.setException(new SQLException("relation does not exist", "42P01")));

    Exchange handled = send(3);

    assertThat(statement.getReceivedCounter()).isEqualTo(2);
    assertThat(deadLetters(handled)).isEmpty();
  }

  /**
   * A page of a table that can't be read, for one: no state of the data's, and no table missing.
   */
  @Test
  void findsOneThatAloneIsRefusedForAReasonThatCanPass() {
    refuse(Set.of(321), "XX001");

    Exchange handled = send(500);

    assertThat(applied).hasSize(499).doesNotContain(321).doesNotHaveDuplicates();
    assertThat(ParseRecords.failed(handled))
        .extracting(FailedRecord::error)
        .containsExactly("is refused while others are taken: SQLException: refused");
    assertThat(Bisect.held(handled)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"42P01", "42501", "XX000"})
  void blamesNoneWhereNoneIsTaken(String sqlState) {
    refuse(IntStream.range(0, 500).boxed().collect(Collectors.toSet()), sqlState);

    Exchange handled = send(500);

    assertThat(handled.getException()).isNull();
    assertThat(deadLetters(handled)).isEmpty();
    assertThat(Bisect.held(handled)).hasSize(500);
    assertThat(
            statement.getReceivedExchanges().stream().filter(tried -> offsets(tried).size() < 500))
        .as("statements for a part of it")
        .hasSizeLessThan(80);
    assertThat(held.of("a-consumer").count()).isEqualTo(500);
  }

  @Test
  void blamesNoneForWhatTheServerIsShortOf() {
    refuse(Set.of(0), "53100");

    Exchange handled = send(2);

    assertThat(deadLetters(handled)).isEmpty();
    assertThat(Bisect.held(handled)).hasSize(2);
  }

  @Test
  void whatWaitsIsTriedOnceInEachRoundAndGoesOnWhenItIsTaken() {
    refuse(Set.of(0), "42501");
    assertThat(Bisect.held(send(1))).hasSize(1);
    statement.reset();
    refuse(Set.of(0), "42501");

    assertThat(Bisect.held(send(1))).hasSize(1);
    assertThat(statement.getReceivedCounter()).isEqualTo(2);

    statement.reset();
    assertThat(Bisect.held(send(1))).isEmpty();
    assertThat(held.of("a-consumer").count()).isZero();
  }

  private void refuse(Set<Integer> bad) {
    refuse(bad, "22003");
  }

  private void refuse(Set<Integer> bad, String sqlState) {
    statement.whenAnyExchangeReceived(
        exchange -> {
          List<Integer> offsets = offsets(exchange);
          if (offsets.stream().anyMatch(bad::contains)) {
            exchange.setException(new SQLException("refused", sqlState));
          } else {
            applied.addAll(offsets);
          }
        });
  }

  private Exchange send(int records) {
    List<ParsedRecord<Integer>> batch =
        IntStream.range(0, records).mapToObj(i -> new ParsedRecord<>(record(i), i)).toList();
    return producer.send("direct:a-consumer", exchange -> exchange.getMessage().setBody(batch));
  }

  private static EventRecord record(int offset) {
    return new EventRecord("order.completed", 0, offset, null, null, Map.of());
  }

  private static List<Integer> offsets(Exchange exchange) {
    return ParseRecords.<Integer>readings(exchange).stream().map(ParsedRecord::value).toList();
  }

  private static List<Integer> deadLetters(Exchange handled) {
    return ParseRecords.failed(handled).stream()
        .map(failed -> (int) failed.record().offset())
        .toList();
  }

  @TestConfiguration
  static class Routes {

    @Bean
    RouteBuilder routes(HeldRecords held) {
      return new RouteBuilder() {
        @Override
        public void configure() {
          from("direct:a-consumer")
              .routeConfigurationId(RetryPolicy.CONSUMER)
              .process(
                  new Bisect(
                      getContext().createProducerTemplate(), "direct:apply", "a-consumer", held));
          from("direct:apply")
              .routeId("apply")
              .routeConfigurationId(RetryPolicy.CONSUMER)
              .to("mock:statement");
        }
      };
    }
  }
}
