package orderflow.platform.startup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

class SettingsFileTest {

  @Test
  void namesEverySetting() throws IOException {
    List<String> named = List.of(file().getPropertyNames());

    assertThat(settings())
        .hasSizeGreaterThan(30)
        .allSatisfy(
            setting ->
                assertThat(named)
                    .anyMatch(name -> name.equals(setting) || name.startsWith(setting + ".")));
  }

  @Test
  void hasAThreadForEachOrderThatWaitsAndForTheOneThatIsTurnedAway() throws IOException {
    assertThat(number("server.tomcat.threads.max"))
        .isGreaterThan(
            number("orderflow.intake.queue-capacity")
                + number("orderflow.intake.writer-threads") * number("orderflow.intake.batch")
                + number("orderflow.requests.queue-capacity")
                + number("orderflow.requests.max-concurrent"));
  }

  /** Five instances fit PostgreSQL's default of 100, less the 3 for superusers. */
  @Test
  void holdsNoMoreThan20ConnectionsToTheDatabase() throws IOException {
    assertThat(file().getProperty("orderflow.database.intake.connections"))
        .isEqualTo("${orderflow.intake.writer-threads}");
    assertThat(file().getProperty("orderflow.database.requests.connections"))
        .isEqualTo("${orderflow.requests.max-concurrent}");
    assertThat(
            number("orderflow.intake.writer-threads")
                + number("orderflow.requests.max-concurrent")
                + number("orderflow.database.flow.connections")
                + number("orderflow.database.health.connections")
                + number("orderflow.database.maintenance.connections"))
        .isLessThanOrEqualTo(20);
  }

  /** As docs/cluster.md has it: ten instances, less the 3 connections for superusers. */
  @Test
  void theSmallSettingsOfTheDocumentationLetTenInstancesShare100Connections() throws IOException {
    Matcher yaml =
        Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs/cluster.md")));
    assertThat(yaml.find()).isTrue();
    var small =
        (EnumerablePropertySource<?>)
            new YamlPropertySourceLoader()
                .load("small", new ByteArrayResource(yaml.group(1).getBytes(UTF_8)))
                .get(0);
    assertThat(small.getPropertyNames()).isSubsetOf(file().getPropertyNames());

    int connections =
        Stream.of(
                "orderflow.intake.writer-threads",
                "orderflow.requests.max-concurrent",
                "orderflow.database.flow.connections",
                "orderflow.database.health.connections",
                "orderflow.database.maintenance.connections")
            .mapToInt(setting -> (Integer) small.getProperty(setting))
            .sum();
    int forMigrations = 1;
    assertThat(10 * (connections + forMigrations)).isLessThanOrEqualTo(100 - 3);
  }

  private static int number(String setting) throws IOException {
    return (Integer) file().getProperty(setting);
  }

  private static EnumerablePropertySource<?> file() throws IOException {
    return (EnumerablePropertySource<?>)
        new YamlPropertySourceLoader()
            .load("application.yml", new FileSystemResource("application.yml"))
            .get(0);
  }

  private static Stream<String> settings() {
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
    return scanner.findCandidateComponents("orderflow").stream()
        .map(found -> ClassUtils.resolveClassName(String.valueOf(found.getBeanClassName()), null))
        .flatMap(
            settings -> {
              String prefix = settings.getAnnotation(ConfigurationProperties.class).value();
              return Arrays.stream(settings.getRecordComponents())
                  .filter(part -> part.getType() != Map.class) // nameless while it is empty
                  .map(part -> prefix + "." + DataObjectPropertyName.toDashedForm(part.getName()));
            });
  }
}
