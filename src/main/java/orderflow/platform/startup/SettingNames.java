package orderflow.platform.startup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

/** The names under which settings are given: old ones are refused, unknown ones are warned of. */
final class SettingNames {

  private static final Logger log = LoggerFactory.getLogger(SettingNames.class);
  private static final String RENAMED = "renamed-settings.properties";
  private static final String OWN_FILE = "class path resource [application.yml]";
  private static final String PREFIX = "orderflow.";

  /** A map, which the file does not name while it is empty. */
  private static final String KAFKA_PROPERTIES = "orderflow.kafka.properties";

  private final ConfigurableEnvironment environment;

  SettingNames(ConfigurableEnvironment environment) {
    this.environment = environment;
  }

  /** A line for each setting that has another name now. */
  List<String> renamed() {
    return table().entrySet().stream()
        .flatMap(names -> renamed(names.getKey(), names.getValue()))
        .toList();
  }

  private Stream<String> renamed(String old, String now) {
    String line = old + " is now " + now;
    Set<String> found = new TreeSet<>();
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      ConfigurationProperty property =
          source.getConfigurationProperty(ConfigurationPropertyName.of(old));
      if (property != null) {
        String variable = SettingFaults.variable(property);
        found.add(
            variable == null ? line : line + ": set " + variable(now) + " instead of " + variable);
      }
    }
    return found.stream();
  }

  /**
   * Variables are left out: others than ours may begin with ORDERFLOW_, such as those that
   * Kubernetes sets for a service of that name.
   */
  void warnOfUnknown() {
    Set<String> known =
        environment.getPropertySources().stream()
            .filter(source -> source.getName().contains(OWN_FILE))
            .flatMap(SettingNames::names)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!known.isEmpty()) {
      known.add(KAFKA_PROPERTIES);
      environment.getPropertySources().stream()
          .filter(source -> !(source instanceof SystemEnvironmentPropertySource))
          .flatMap(SettingNames::names)
          .distinct()
          .filter(name -> !isKnown(name, known))
          .forEach(
              name ->
                  log.warn(
                      "{} is not a setting and is ignored; the nearest is {}",
                      name,
                      nearest(name, known)));
    }
  }

  private static Stream<String> names(Object source) {
    return source instanceof EnumerablePropertySource<?> listed
        ? Arrays.stream(listed.getPropertyNames()).filter(name -> name.startsWith(PREFIX))
        : Stream.empty();
  }

  /** Or below a known one, which is a map then. */
  private static boolean isKnown(String name, Set<String> known) {
    ConfigurationPropertyName adapted = ConfigurationPropertyName.adapt(name, '.');
    return known.stream()
        .map(one -> ConfigurationPropertyName.adapt(one, '.'))
        .anyMatch(one -> one.equals(adapted) || one.isAncestorOf(adapted));
  }

  private static String nearest(String name, Set<String> known) {
    return known.stream().min(Comparator.comparingInt(one -> distance(name, one))).orElseThrow();
  }

  /** Levenshtein's. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }

  private static String variable(String setting) {
    return setting.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
  }

  private static TreeMap<String, String> table() {
    try {
      Properties properties = PropertiesLoaderUtils.loadProperties(new ClassPathResource(RENAMED));
      var table = new TreeMap<String, String>();
      properties.stringPropertyNames().forEach(old -> table.put(old, properties.getProperty(old)));
      return table;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
