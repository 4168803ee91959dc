package orderflow.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import orderflow.Http;
import orderflow.OrderflowTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Bodies of the largest size that hold as much as they can, several at once. */
@OrderflowTest
class LargeBodiesTest {

  private static final int SIZE = 1024 * 1024 - 100;
  private static final int AT_ONCE = 5;

  @LocalServerPort private int port;

  static Stream<String> bodies() {
    return Stream.of(
        filled("{", i -> "\"f" + i + "\":1,", "\"z\":1}"),
        filled("{\"items\":[", i -> "{},", "{}]}"),
        filled("{\"items\":[", i -> "{\"f" + i + "\":1},", "{}]}"),
        filled("{\"customer\":{", i -> "\"f" + i + "\":[{}],", "\"z\":1}}"),
        filled("{\"a\":[", i -> "1,", "1]}"),
        filled("{\"a\":[", i -> "[[1,1]],", "1]}"),
        filled("{\"a\":[", i -> "{\"a\":0.5},", "1]}"),
        "{\"" + "n".repeat(SIZE - 10) + "\":1}",
        "{\"a\":\"" + "t".repeat(SIZE - 10) + "\"}",
        "{\"a\":" + "9".repeat(SIZE - 10) + "}",
        "{\"a\":[" + "1e999999999,".repeat(SIZE / 12 - 2) + "1]}",
        "{\"a\":" + "[".repeat(SIZE / 2 - 10) + "]".repeat(SIZE / 2 - 10) + "}");
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void areRefusedWithNoMoreThanTheFirstFaults(String body) {
    List<String> paths =
        body.startsWith("{\"f0\"")
            ? List.of("/api/orders", "/api/coupons")
            : List.of("/api/orders");
    for (String path : paths) {
      List<CompletableFuture<Http.Response>> answers =
          IntStream.range(0, AT_ONCE)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> new Http(port).post(path, body)))
              .toList();
      for (CompletableFuture<Http.Response> answer : answers) {
        assertThat(answer.join().status()).as(path).isEqualTo(422);
        assertThat(answer.join().json().path("errors").size()).isBetween(1, 100);
        assertThat(answer.join().raw().body().length()).isLessThan(120_000);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("orders")
  void listTheFirstHundredFaultsInTheirOrder(Function<Http, Http.Response> order) {
    List<String> faults =
        order.apply(new Http(port)).json().path("errors").findValuesAsText("pointer");

    assertThat(faults).hasSize(100).first().isEqualTo("/f0");
    assertThat(faults).last().isEqualTo("/f99");
  }

  static Stream<Function<Http, Http.Response>> orders() {
    return Stream.of(101, 1_000, 50_000)
        .map(
            number ->
                http ->
                    http.post(
                        "/api/orders",
                        IntStream.range(0, number)
                            .mapToObj(i -> "\"f" + i + "\":1")
                            .collect(Collectors.joining(",", "{", "}"))));
  }

  private static String filled(String begin, IntFunction<String> part, String end) {
    StringBuilder body = new StringBuilder(begin);
    for (int i = 0; body.length() < SIZE - 50; i++) {
      body.append(part.apply(i));
    }
    return body.append(end).toString();
  }
}
