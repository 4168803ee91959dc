package orderflow.platform.startup;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.env.Environment;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

/**
 * Binds the settings of all features once, before anything starts: Spring would bind each when its
 * bean is made, after the servers, and stop at the first that is wrong.
 */
final class SettingsBinding {

  private static final List<Class<?>> SETTINGS = settings();

  private final Environment environment;
  private final SettingFaults faults;

  SettingsBinding(Environment environment, SettingFaults faults) {
    this.environment = environment;
    this.faults = faults;
  }

  void check() {
    var validator = new LocalValidatorFactoryBean();
    validator.afterPropertiesSet();
    SETTINGS.forEach(settings -> bind(settings, validator));
    validator.destroy();
  }

  /** Those of all features. */
  private static List<Class<?>> settings() {
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
    return scanner.findCandidateComponents("orderflow").stream()
        .<Class<?>>map(
            found -> ClassUtils.resolveClassName(String.valueOf(found.getBeanClassName()), null))
        .toList();
  }

  private void bind(Class<?> settings, LocalValidatorFactoryBean validator) {
    ConfigurationProperties prefix =
        AnnotationUtils.getAnnotation(settings, ConfigurationProperties.class);
    if (prefix == null) {
      return;
    }
    var collector = new Collector();
    try {
      Binder.get(environment)
          .bind(
              prefix.value(),
              Bindable.of(settings),
              new ValidationBindHandler(collector, validator));
    } catch (BindException e) {
      collector.add(e.getName(), e.getTarget(), e);
    }
  }

  /** Notes a value that is wrong and goes on with the next. */
  private final class Collector extends AbstractBindHandler {

    private boolean found;

    @Override
    public <T> Bindable<T> onStart(
        ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
      Class<?> type = SettingFaults.kind(target);
      if (isBlank(name)
          && type != String.class
          && target.getAnnotation(DefaultValue.class) == null) {
        found = true;
        faults.add(name, type);
      }
      return target;
    }

    private boolean isBlank(ConfigurationPropertyName name) {
      String value = environment.getProperty(name.toString());
      return value != null && !StringUtils.hasText(value);
    }

    @Override
    public @Nullable Object onFailure(
        ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
      add(name, target, error);
      return null;
    }

    void add(ConfigurationPropertyName name, Bindable<?> target, Exception error) {
      // The constructor also fails for a value that could not be bound.
      if (!found || !SettingFaults.isOfConstructor(error)) {
        faults.add(name, target, error);
        found = true;
      }
    }
  }
}
