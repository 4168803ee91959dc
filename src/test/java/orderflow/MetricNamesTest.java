package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Holds docs/metrics.md against what the application shows after a short journey. */
@OrderflowTest
class MetricNamesTest {

  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z_]+)` \\| ([a-z]+) \\| ([a-z_, ]*)\\|.*");
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-z0-9_]+?)(_bucket|_count|_sum)?(?:\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"(?:[^\"\\\\]|\\\\.)*\",?");
  private static final Set<String> OF_TYPES = Set.of("le", "quantile");

  private static final String ORDER =
      """
      {"customer":{"id":"%s","email":"minji@example.com","name":"Minji"},"currency":"KRW",
       "items":[{"sku":"A","name":"A","quantity":1,"unitPrice":"20000"}],"couponCode":"%s"}
      """;

  private static final String CANCEL = "{\"reason\":\"CUSTOMER\"}";

  @LocalServerPort int port;

  private String text = "";
  private Map<String, Metric> shown = Map.of();

  record Metric(String type, Set<String> labels) {}

  @BeforeEach
  void journey() {
    Http http = new Http(port);
    String run = "metrics-" + UUID.randomUUID();
    Http.Response coupon =
        http.post(
            "/api/coupons",
            "{\"code\":\"%s\",\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"}}"
                .formatted(run));
    assertThat(coupon.status()).as(coupon.raw().body()).isEqualTo(201);
    Http.Response placed = http.post("/api/orders", ORDER.formatted("c-" + run, run));
    assertThat(placed.status()).as(placed.raw().body()).isEqualTo(201);
    String order = "/api/orders/" + placed.json().at("/orderId").asText();
    await().until(() -> http.get(order).json().at("/effects/email/status").asText().equals("DONE"));
    assertThat(http.post(order + "/cancel", CANCEL, "Idempotency-Key", run).status())
        .isEqualTo(201);
    await()
        .untilAsserted(
            () -> {
              text = http.get("/actuator/prometheus").raw().body();
              shown = scrape(text);
              assertThat(shown).containsAllEntriesOf(documented());
              assertThat(text)
                  .contains("orderflow_effect_delay_seconds_bucket{effect=\"mail\"")
                  .containsPattern("http_server_requests_seconds_count\\{.*\"/api/orders\"");
            });
  }

  @Test
  void thePageAndTheApplicationNameTheSameMetricsOfTheSameTypesAndLabels() throws IOException {
    Map<String, Metric> documented = documented();

    assertThat(own(documented)).isEqualTo(own(shown));
    assertThat(shown).containsAllEntriesOf(documented);
  }

  @Test
  void theValuesOfLabelsThatTheAlertsAskForAreThere() {
    assertThat(text.lines())
        .anyMatch(
            line ->
                line.startsWith("orderflow_effect_delay_seconds_bucket{effect=\"mail\"")
                    && line.contains("lane=\"live\",le=\"60.0\""))
        .anyMatch(
            line ->
                line.startsWith("http_server_requests_seconds_count{")
                    && line.contains("method=\"POST\"")
                    && line.contains("status=\"201\"")
                    && line.contains("uri=\"/api/orders\""));
  }

  private static Map<String, Metric> own(Map<String, Metric> metrics) {
    return metrics.entrySet().stream()
        .filter(metric -> metric.getKey().startsWith("orderflow_"))
        .collect(
            Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
  }

  static Map<String, Metric> documented() throws IOException {
    Map<String, Metric> metrics = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("docs/metrics.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        metrics.put(row.group(1), new Metric(row.group(2), words(row.group(3))));
      }
    }
    assertThat(metrics).hasSizeGreaterThan(40);
    return metrics;
  }

  private static Set<String> words(String list) {
    return Arrays.stream(list.split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Map<String, Metric> scrape(String text) {
    Map<String, Metric> metrics = new TreeMap<>();
    for (String line : text.lines().toList()) {
      Matcher type = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (type.matches()) {
        metrics.put(type.group(1), new Metric(type.group(2), new TreeSet<>()));
      } else if (sample.matches()) {
        String base = sample.group(1);
        String suffix = sample.group(2) == null ? "" : sample.group(2);
        Metric metric = metrics.getOrDefault(base + suffix, metrics.get(base));
        if (metric != null) {
          metric.labels.addAll(labels(sample.group(3)));
        }
      }
    }
    return metrics;
  }

  private static List<String> labels(String text) {
    return text == null
        ? List.of()
        : LABEL
            .matcher(text)
            .results()
            .map(label -> label.group(1))
            .filter(label -> !OF_TYPES.contains(label))
            .toList();
  }
}
