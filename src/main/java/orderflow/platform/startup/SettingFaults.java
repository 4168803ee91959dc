package orderflow.platform.startup;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanInstantiationException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.bind.validation.ValidationErrors;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/** Wrong settings, each with one line: its name as the operator wrote it, and what is allowed. */
final class SettingFaults {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([\\w.-]+)(:.*)?}");
  private static final Pattern SECRET = Pattern.compile(".*(key|password|secret|token).*");

  private final Environment environment;
  private final Map<String, String> lines = new LinkedHashMap<>();

  SettingFaults(Environment environment) {
    this.environment = environment;
  }

  List<String> lines() {
    return lines.values().stream().distinct().toList();
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  void add(String line) {
    lines.put(line, line);
  }

  void add(BindException wrong) {
    add(wrong.getName(), wrong.getTarget(), wrong);
  }

  void add(ConfigurationPropertyName setting, Bindable<?> target, Throwable failure) {
    Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
    if (cause instanceof BindValidationException invalid) {
      ValidationErrors errors = invalid.getValidationErrors();
      for (ObjectError error : errors.getAllErrors()) {
        if (error instanceof FieldError field) {
          add(
              errors.getName().append(DataObjectPropertyName.toDashedForm(field.getField())),
              String.valueOf(error.getDefaultMessage()));
        }
      }
    } else if (isOfConstructor(failure)) {
      add(String.valueOf(cause.getMessage())); // a rule over two settings, which names both
    } else {
      add(setting, kind(target));
    }
  }

  /** What a value is to be; of a list, each of its values. */
  static Class<?> kind(Bindable<?> target) {
    Class<?> type = target.getType().resolve(Object.class);
    return Collection.class.isAssignableFrom(type)
        ? target.getType().getGeneric(0).resolve(Object.class)
        : type;
  }

  /** A record with all its values refuses them together. */
  static boolean isOfConstructor(Throwable failure) {
    return failure instanceof BeanInstantiationException
        || failure.getCause() instanceof BeanInstantiationException;
  }

  /** The value can't be read as one of this type. */
  void add(ConfigurationPropertyName setting, Class<?> type) {
    add(setting, allowed(type));
  }

  /** Only the first fault of a setting counts; others follow from it. */
  private void add(ConfigurationPropertyName setting, String allowed) {
    String value = environment.getProperty(setting.toString(), "");
    lines.putIfAbsent(
        setting.toString(),
        written(setting)
            + " "
            + allowed
            + (SECRET.matcher(setting.toString()).matches() ? "" : ", not '" + value + "'"));
  }

  private static String allowed(Class<?> type) {
    if (type.isEnum()) {
      List<String> names =
          Arrays.stream(type.getEnumConstants())
              .map(name -> name.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
              .toList();
      return "must be "
          + names.stream().limit(names.size() - 1L).collect(Collectors.joining(", "))
          + " or "
          + names.get(names.size() - 1);
    }
    if (type == Duration.class) {
      return "must be a time with its unit, such as 200ms, 5s, 10m or 1d";
    }
    if (type == DataSize.class) {
      return "must be a size with its unit, such as 100KB or 1MB";
    }
    if (type == ZoneId.class) {
      return "must be a time zone, such as Asia/Seoul";
    }
    if (type == Path.class) {
      return "must be a path";
    }
    if (type == BigDecimal.class) {
      return "must be a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "must be true or false";
    }
    return type.isPrimitive() || Number.class.isAssignableFrom(type)
        ? "must be a whole number"
        : "must be a " + type.getSimpleName();
  }

  /** The variable or the name by which the operator has set it. */
  private String written(ConfigurationPropertyName setting) {
    ConfigurationProperty found = find(setting);
    if (found == null) {
      return setting.toString();
    }
    Matcher placeholder = PLACEHOLDER.matcher(String.valueOf(found.getValue()));
    if (placeholder.matches()) {
      String name = placeholder.group(1);
      return ConfigurationPropertyName.isValid(name)
          ? written(ConfigurationPropertyName.of(name))
          : name;
    }
    String variable = variable(found);
    return variable == null ? setting.toString() : variable;
  }

  /** The environment variable that a property comes from. */
  static @Nullable String variable(ConfigurationProperty property) {
    if (property.getOrigin() instanceof SystemEnvironmentOrigin origin) {
      return origin.getProperty();
    }
    return property.getOrigin() instanceof PropertySourceOrigin origin
            && origin.getPropertySource() instanceof SystemEnvironmentPropertySource
        ? origin.getPropertyName()
        : null;
  }

  private @Nullable ConfigurationProperty find(ConfigurationPropertyName setting) {
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      ConfigurationProperty found = source.getConfigurationProperty(setting);
      if (found != null) {
        return found;
      }
    }
    return null;
  }
}
