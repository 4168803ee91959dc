package orderflow.system;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.stereotype.Component;
import org.springframework.util.PropertyPlaceholderHelper;

/** The settings that differ from the defaults in the packaged application.yml. */
@Component
public class OwnSettings {

  private static final String PACKAGED = "class path resource [application.yml]";
  private static final String MASK = "••••••";

  /** Of the address of a database, only what stands before its options is shown. */
  private static final String DATABASE = "spring.datasource.url";

  private static final Set<String> BESIDES = Set.of(DATABASE, "spring.datasource.username");

  private static final Pattern SECRET =
      Pattern.compile(
          "password|secret|token|credential|jaas|api-key|passphrase|private-key|kafka\\.properties",
          Pattern.CASE_INSENSITIVE);

  private final ConfigurableEnvironment environment;

  OwnSettings(ConfigurableEnvironment environment) {
    this.environment = environment;
  }

  /**
   * A setting.
   *
   * @param value masked if it is a secret
   * @param standard the default; empty for none
   */
  public record Setting(String name, String value, String standard) {}

  List<Setting> list() {
    EnumerablePropertySource<?> packaged = packaged();
    if (packaged == null) {
      return List.of();
    }
    Set<String> names = new TreeSet<>(Arrays.asList(packaged.getPropertyNames()));
    names.addAll(BESIDES);
    var defaults = new PropertyPlaceholderHelper("${", "}", ":", null, true);
    List<Setting> own = new ArrayList<>();
    for (String name : names) {
      String value = environment.getProperty(name, "");
      Object raw = packaged.getProperty(name);
      String standard =
          raw == null
              ? ""
              : defaults.replacePlaceholders(
                  raw.toString(),
                  inner -> {
                    Object known = packaged.getProperty(inner);
                    return known == null ? null : known.toString();
                  });
      if (!value.equals(standard)) {
        own.add(new Setting(name, shown(name, value), shown(name, standard)));
      }
    }
    return own;
  }

  private @Nullable EnumerablePropertySource<?> packaged() {
    for (PropertySource<?> source : environment.getPropertySources()) {
      if (source.getName().contains(PACKAGED)
          && source instanceof EnumerablePropertySource<?> file) {
        return file;
      }
    }
    return null;
  }

  private static String shown(String name, String value) {
    if (value.isEmpty()) {
      return value;
    }
    if (SECRET.matcher(name).find() && !name.endsWith("keys-file")) {
      return MASK;
    }
    return name.equals(DATABASE) ? value.replaceFirst("\\?.*", "") : value;
  }
}
