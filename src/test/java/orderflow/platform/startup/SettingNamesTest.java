package orderflow.platform.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

@ExtendWith(OutputCaptureExtension.class)
class SettingNamesTest {

  @Test
  void anOldNameInTheOperatorsFileIsRefusedWithTheNewOne() throws IOException {
    assertThat(renamed(yaml("orderflow:\n  mail:\n    first-pause: 10s")))
        .containsExactly("orderflow.mail.first-pause is now orderflow.mail.initial-backoff");
    assertThat(renamed(yaml("orderflow.mail.firstPause: 10s")))
        .containsExactly("orderflow.mail.first-pause is now orderflow.mail.initial-backoff");
  }

  @Test
  void anOldNameOnTheCommandLineIsRefusedWithTheNewOne() throws IOException {
    assertThat(renamed(new SimpleCommandLinePropertySource("--orderflow.importing.poll=100")))
        .containsExactly("orderflow.importing.poll is now orderflow.importing.poll-interval");
  }

  @Test
  void anOldNameAsAVariableIsRefusedWithTheNewVariable() throws IOException {
    String line =
        "orderflow.mail.first-pause is now orderflow.mail.initial-backoff:"
            + " set ORDERFLOW_MAIL_INITIALBACKOFF instead of ";
    assertThat(renamed(variables("ORDERFLOW_MAIL_FIRSTPAUSE")))
        .containsExactly(line + "ORDERFLOW_MAIL_FIRSTPAUSE");
    assertThat(renamed(variables("ORDERFLOW_MAIL_FIRST_PAUSE")))
        .containsExactly(line + "ORDERFLOW_MAIL_FIRST_PAUSE");
  }

  @Test
  void eachOldNameHasALine() throws IOException {
    assertThat(
            renamed(yaml("orderflow:\n  intake:\n    writers: 2\n    queue: 10\n    batch: 100")))
        .containsExactly(
            "orderflow.intake.queue is now orderflow.intake.queue-capacity",
            "orderflow.intake.writers is now orderflow.intake.writer-threads");
  }

  @Test
  void everyNewNameIsASettingAndNoOldOneIs() throws IOException {
    List<String> settings = List.of(((EnumerablePropertySource<?>) ownFile()).getPropertyNames());
    assertThat(settings)
        .containsAll(table().values().stream().map(Object::toString).toList())
        .doesNotContainAnyElementsOf(table().stringPropertyNames());
  }

  @Test
  void theNoteForOperatorsListsEveryRenamedSetting() throws IOException {
    String note = Files.readString(Path.of("docs/settings.md"));
    assertThat(table())
        .allSatisfy((old, now) -> assertThat(note).contains("| `%s` | `%s` |".formatted(old, now)));
  }

  @Test
  void aMistypedNameIsWarnedOfWithTheNearest(CapturedOutput output) throws IOException {
    names(yaml("orderflow.intake.queue-capacty: 10")).warnOfUnknown();
    assertThat(output.toString().lines().filter(line -> line.contains("is not a setting")))
        .singleElement()
        .asString()
        .contains("WARN")
        .contains(
            "orderflow.intake.queue-capacty is not a setting and is ignored;"
                + " the nearest is orderflow.intake.queue-capacity");
  }

  @Test
  void aKnownNameInAnyFormAndAForeignVariableAreNotWarnedOf(CapturedOutput output)
      throws IOException {
    names(yaml("orderflow.intake.queueCapacity: 10")).warnOfUnknown();
    names(yaml("orderflow.kafka.properties.security.protocol: SSL")).warnOfUnknown();
    names(yaml("orderflow.reversals.support-limits.CHF: 300")).warnOfUnknown();
    names(variables("ORDERFLOW_SERVICE_HOST")).warnOfUnknown();
    assertThat(output).doesNotContain("is not a setting");
  }

  private static List<String> renamed(PropertySource<?> given) throws IOException {
    return names(given).renamed();
  }

  private static SettingNames names(PropertySource<?> given) throws IOException {
    ConfigurableEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .forEach(s -> environment.getPropertySources().remove(s.getName()));
    environment.getPropertySources().addLast(given);
    environment.getPropertySources().addLast(ownFile());
    ConfigurationPropertySources.attach(environment);
    return new SettingNames(environment);
  }

  private static PropertySource<?> variables(String name) {
    return new SystemEnvironmentPropertySource(
        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.of(name, "10s"));
  }

  private static PropertySource<?> yaml(String text) throws IOException {
    return new YamlPropertySourceLoader()
        .load("file [application.yml]", new ByteArrayResource(text.getBytes()))
        .get(0);
  }

  private static PropertySource<?> ownFile() throws IOException {
    return new YamlPropertySourceLoader()
        .load(
            "Config resource 'class path resource [application.yml]'",
            new ClassPathResource("application.yml"))
        .get(0);
  }

  private static Properties table() throws IOException {
    return PropertiesLoaderUtils.loadProperties(
        new ClassPathResource("renamed-settings.properties"));
  }
}
