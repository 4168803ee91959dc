package orderflow.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import orderflow.platform.jdbc.DatabaseAccess;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BisectTest {

  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final List<Long> taken = new ArrayList<>();
  private int attempts;
  private Predicate<List<Long>> refused = batch -> false;

  @BeforeEach
  void start() throws Exception {
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:apply").errorHandler(noErrorHandler()).process(batch -> apply(batch));
            from("direct:batch")
                .errorHandler(noErrorHandler())
                .process(
                    new Bisect(
                        getContext().createProducerTemplate(),
                        "direct:apply",
                        "point-consumer",
                        new HeldRecords(new DatabaseAccess(() -> true))));
          }
        });
    camel.start();
  }

  @AfterEach
  void stop() {
    camel.stop();
  }

  @Test
  void aTableThatComesBackWhileRecordsAreTriedAloneMakesNoCulprits() {
    refused = batch -> attempts < 5;

    Exchange batch = send(4);

    assertThat(batch.getException()).isNull();
    assertThat(taken).containsExactlyInAnyOrder(0L, 1L, 2L, 3L);
    assertThat(ParseRecords.failed(batch)).isEmpty();
    assertThat(Bisect.held(batch)).isEmpty();
  }

  @Test
  void whatIsRefusedOnceMoreAfterOthersWereTakenIsACulprit() {
    refused = batch -> batch.contains(2L);

    Exchange batch = send(4);

    assertThat(taken).containsExactlyInAnyOrder(0L, 1L, 3L);
    assertThat(ParseRecords.failed(batch))
        .singleElement()
        .satisfies(
            culprit -> {
              assertThat(culprit.record().offset()).isEqualTo(2);
              assertThat(culprit.error()).startsWith("is refused while others are taken: ");
            });
  }

  @Test
  void whereNothingIsTakenAllRecordsWait() {
    refused = batch -> true;

    Exchange batch = send(4);

    assertThat(ParseRecords.failed(batch)).isEmpty();
    assertThat(Bisect.held(batch)).hasSize(4);
  }

  private Exchange send(int records) {
    List<ParsedRecord<Integer>> readings =
        IntStream.range(0, records)
            .mapToObj(
                n ->
                    new ParsedRecord<>(
                        new EventRecord("order.completed", 0, n, null, new byte[0], Map.of()), n))
            .toList();
    return camel.createFluentProducerTemplate().withBody(readings).to("direct:batch").send();
  }

  private void apply(Exchange exchange) throws SQLException {
    List<Long> batch =
        ParseRecords.readings(exchange).stream().map(reading -> reading.record().offset()).toList();
    attempts++;
    if (refused.test(batch)) {
      throw new SQLException("refused by the test", "42P01");
    }
    taken.addAll(batch);
  }
}
