package orderflow.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/** The figures of a run, printed as they come and saved as JSON. */
final class Report {

  static final String P50 = ", p50 ms";
  static final String P99 = ", p99 ms";

  /** The processes whose time is an order's price. */
  private static final Set<String> COUNTED =
      new LinkedHashSet<>(List.of(Rig.APPLICATION, Rig.POSTGRES, Rig.KAFKA));

  private static final String CPU = "CPU s for 1,000, ";
  static final String ALL_CPU = CPU + String.join(" + ", COUNTED);

  private final Map<String, Object> all = new LinkedHashMap<>();
  private Map<String, Object> section = all;

  /** Says something about the run as a whole. */
  void about(String name, Object value) {
    all.put(name, value);
    System.out.println(name + ": " + value);
  }

  /** The figures that follow belong to this. */
  void section(String name) {
    section = new LinkedHashMap<>();
    all.put(name, section);
    System.out.println("\n" + name);
  }

  void add(String figure, double value) {
    double kept = Math.abs(value) >= 100 ? Math.rint(value) : Math.rint(value * 1000) / 1000;
    section.put(figure, kept);
    System.out.println(
        String.format(
            Locale.ROOT,
            kept == Math.rint(kept) ? "  %-58s %,12.0f" : "  %-58s %,12.3f",
            figure,
            kept));
  }

  /** A histogram of microseconds, as milliseconds. */
  void latency(String what, Histogram micros) {
    add(what + P50, micros.getValueAtPercentile(50) / 1000.0);
    add(what + P99, micros.getValueAtPercentile(99) / 1000.0);
  }

  /** Seconds of processor time for 1,000 of so many, by process. */
  void cpu(Map<String, Double> seconds, int of) {
    double sum = 0;
    for (Map.Entry<String, Double> one : seconds.entrySet()) {
      add(CPU + one.getKey(), 1000 * one.getValue() / of);
      if (COUNTED.contains(one.getKey())) {
        sum += one.getValue();
      }
    }
    add(ALL_CPU, 1000 * sum / of);
  }

  /** A figure of an earlier section, or NaN. */
  double figure(String section, String name) {
    return all.get(section) instanceof Map<?, ?> figures
            && figures.get(name) instanceof Double found
        ? found
        : Double.NaN;
  }

  /** All figures by section. */
  Map<String, Map<String, Double>> figures() {
    Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
    all.forEach(
        (name, value) -> {
          if (value instanceof Map<?, ?> one) {
            Map<String, Double> copy = new LinkedHashMap<>();
            one.forEach((figure, number) -> copy.put((String) figure, (Double) number));
            figures.put(name, copy);
          }
        });
    return figures;
  }

  void save(Path file) throws IOException {
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), all);
    System.out.println("\nsaved in " + file);
  }
}
