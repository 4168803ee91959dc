package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import orderflow.MetricNamesTest.Metric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** Holds the alerts and the dashboards against docs/metrics.md, which a scrape is held against. */
class AlertsAndDashboardsTest {

  private static final Path RULES = Path.of("deploy/prometheus/orderflow.rules.yml");
  private static final Path RULES_TEST = Path.of("deploy/prometheus/orderflow.rules.test.yml");
  private static final Path DASHBOARDS = Path.of("deploy/grafana");

  /** A metric, and the labels that are asked of it. */
  private static final Pattern METRIC =
      Pattern.compile("\\b([a-z]+_[a-z_]+)\\b(?!\\s*\\()(?:\\{([^}]*)})?");

  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|on|without|ignoring) \\(([^)]*)\\)");

  private static final Pattern LABEL = Pattern.compile("([a-z]+)\\s*(?:=~|!~|!=|=)");
  private static final Pattern RECORDED = Pattern.compile("\\borderflow:[a-z_]+:[a-z0-9_]+");
  private static final Set<String> OF_THE_SCRAPE = Set.of("le", "instance", "job");

  @Test
  @SuppressWarnings("unchecked") // of the file's form
  void eachAlertSaysWhatACustomerNoticesAndWhatToDoAndLeadsToItsPlaceInThePage()
      throws IOException {
    Set<String> places =
        Files.readAllLines(Path.of("docs/metrics.md")).stream()
            .filter(line -> line.startsWith("### "))
            .map(line -> line.substring(4))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> alerts = new TreeSet<>();
    for (Map<String, Object> rule : rules()) {
      if (rule.containsKey("alert")) {
        String name = (String) rule.get("alert");
        alerts.add(name);
        Map<String, String> annotations = (Map<String, String>) rule.get("annotations");
        assertThat(annotations).as(name).containsOnlyKeys("summary", "action", "runbook");
        assertThat(annotations.get("runbook"))
            .isEqualTo("docs/metrics.md#" + name.toLowerCase(java.util.Locale.ROOT));
        assertThat((Map<String, String>) rule.get("labels"))
            .hasEntrySatisfying(
                "severity", severity -> assertThat(severity).isIn("page", "ticket"));
      }
    }
    assertThat(alerts).isEqualTo(places);
  }

  @Test
  void alertsAndDashboardsNameMetricsAndLabelsThatThereAre() throws IOException {
    Map<String, Metric> metrics = MetricNamesTest.documented();
    Set<String> recorded = new TreeSet<>();
    for (Map<String, Object> rule : rules()) {
      if (rule.containsKey("record")) {
        recorded.add((String) rule.get("record"));
      }
    }
    List<String> expressions = expressions();
    assertThat(expressions).hasSizeGreaterThan(50);
    for (String expression : expressions) {
      assertThat(recorded).as(expression).containsAll(found(RECORDED, expression));
      String bare = RECORDED.matcher(expression).replaceAll("");
      Set<String> known = new TreeSet<>(OF_THE_SCRAPE);
      String ungrouped = GROUPING.matcher(bare).replaceAll("");
      for (MatchResult named : METRIC.matcher(ungrouped).results().toList()) {
        if (isFunction(named.group(1))) {
          continue;
        }
        Metric metric = metric(metrics, named.group(1));
        assertThat(metric).as(named.group(1) + " in " + expression).isNotNull();
        known.addAll(metric.labels());
        if (named.group(2) != null) {
          assertThat(with(metric.labels()))
              .as(expression)
              .containsAll(found(LABEL, named.group(2)));
        }
      }
      if (!bare.equals(expression)) {
        continue; // the labels of what is recorded are those of its rule
      }
      for (MatchResult grouping : GROUPING.matcher(bare).results().toList()) {
        Stream.of(grouping.group(1).split(","))
            .map(String::strip)
            .filter(label -> !label.isEmpty())
            .forEach(label -> assertThat(known).as(expression).contains(label));
      }
    }
  }

  @Test
  void noGaugeThatEveryInstanceShowsIsSummedUp() throws IOException {
    Set<String> ofEachInstance = Set.of("orderflow_requests_waiting");
    for (Map.Entry<String, Metric> metric : MetricNamesTest.documented().entrySet()) {
      if (metric.getKey().startsWith("orderflow_")
          && metric.getValue().type().equals("gauge")
          && !ofEachInstance.contains(metric.getKey())) {
        Pattern summed = Pattern.compile("sum\\b[^+/]*\\b" + metric.getKey() + "\\b");
        assertThat(expressions()).noneMatch(expression -> summed.matcher(expression).find());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"check", "test"})
  void promtoolFindsTheRulesRight(String command) throws Exception {
    assumeTrue(isInstalled("promtool"), "promtool is not installed");
    Path file = command.equals("check") ? RULES : RULES_TEST;
    Process promtool =
        new ProcessBuilder("promtool", command, "rules", file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(promtool.exitValue()).as(said).isZero();
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static boolean isFunction(String word) {
    return Set.of("histogram_quantile", "absent_over_time", "min_over_time").contains(word);
  }

  /** A histogram's and a summary's samples have names of their own. */
  private static Metric metric(Map<String, Metric> metrics, String sample) {
    Metric metric = metrics.get(sample);
    return metric != null ? metric : metrics.get(sample.replaceAll("_(bucket|count|sum)$", ""));
  }

  private static Set<String> with(Set<String> labels) {
    Set<String> all = new TreeSet<>(OF_THE_SCRAPE);
    all.addAll(labels);
    return all;
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(match -> match.groupCount() == 0 ? match.group() : match.group(1))
        .toList();
  }

  private static List<String> expressions() throws IOException {
    List<String> expressions = new ArrayList<>();
    for (Map<String, Object> rule : rules()) {
      expressions.add((String) rule.get("expr"));
    }
    expressions.remove("up{job=\"orderflow\"} == 0"); // Prometheus' own
    try (Stream<Path> files = Files.list(DASHBOARDS)) {
      for (Path file : files.sorted().toList()) {
        JsonNode dashboard = new ObjectMapper().readTree(file.toFile());
        assertThat(dashboard.get("panels")).as(file.toString()).isNotEmpty();
        dashboard.findValuesAsText("expr").forEach(expressions::add);
      }
    }
    return expressions;
  }

  @SuppressWarnings("unchecked") // of the file's form
  private static List<Map<String, Object>> rules() throws IOException {
    Map<String, Object> file = new Yaml().load(Files.readString(RULES));
    return ((List<Map<String, Object>>) file.get("groups"))
        .stream()
            .flatMap(group -> ((List<Map<String, Object>>) group.get("rules")).stream())
            .toList();
  }
}
