package orderflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import orderflow.outbox.EventType;
import orderflow.platform.role.InstanceRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.FileSystemResource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What the files below deploy/ say agrees with itself and with the application. */
class DeploymentFilesTest {

  private static final Path DEPLOY = Path.of("deploy");

  /** Settings of the application start with one of these. */
  private static final Pattern OURS =
      Pattern.compile("(ORDERFLOW|SPRING|SERVER|KAFKA_BROKERS|SMTP|MAIL|MANAGEMENT)(_.*)?");

  /** Spring's own, which application.yml need not name. */
  private static final Set<String> OF_SPRING =
      Set.of(
          "SPRING_DATASOURCE_URL",
          "SPRING_DATASOURCE_USERNAME",
          "SPRING_DATASOURCE_PASSWORD",
          "SPRING_FLYWAY_URL");

  private record Resource(Path file, Map<?, ?> content) {

    String kind() {
      return text("kind");
    }

    String name() {
      return text("metadata", "name");
    }

    String text(String... path) {
      return String.valueOf(at(path));
    }

    Object at(String... path) {
      return DeploymentFilesTest.at(content, path);
    }

    @Override
    public String toString() {
      return file + " " + kind() + " " + name();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void saysThatItWasNotRun(Path file) throws IOException {
    List<String> head = Files.readAllLines(file).stream().limit(6).toList();

    if (!file.getFileName().toString().equals("orderflow.env")) {
      assertThat(String.join(" ", head).replace("# ", ""))
          .containsIgnoringCase("not run")
          .contains("DeploymentFilesTest alone");
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void namesNoSettingThatIsNone(Path file) throws IOException {
    Set<String> named = new TreeSet<>();
    Matcher name =
        Pattern.compile("\\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\\b").matcher(Files.readString(file));
    while (name.find()) {
      if (OURS.matcher(name.group()).matches()) {
        named.add(name.group());
      }
    }

    assertThat(named).isSubsetOf(known(named));
  }

  @Test
  void kustomizationsNameFilesThatAreThereAndAllOfThem() {
    List<Path> kustomizations =
        files().filter(file -> file.endsWith("kustomization.yaml")).toList();
    assertThat(kustomizations).hasSize(4);
    for (Path kustomization : kustomizations) {
      List<String> resources =
          list(documents(kustomization).get(0).get("resources")).stream()
              .map(String::valueOf)
              .toList();
      Path folder = kustomization.getParent();

      assertThat(resources).allSatisfy(file -> assertThat(folder.resolve(file)).exists());
      try (Stream<Path> beside = Files.list(folder)) {
        assertThat(beside.map(file -> file.getFileName().toString()))
            .filteredOn(file -> !file.equals("kustomization.yaml"))
            .isSubsetOf(resources);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void everyPatchIsOfAResourceThatIsThere() {
    Set<String> known =
        resources().map(it -> it.kind() + " " + it.name()).collect(Collectors.toSet());
    List<String> patched = new ArrayList<>();
    files()
        .filter(file -> file.endsWith("kustomization.yaml"))
        .flatMap(file -> list(documents(file).get(0).get("patches")).stream())
        .map(patch -> yaml().<Map<?, ?>>load(String.valueOf(((Map<?, ?>) patch).get("patch"))))
        .forEach(it -> patched.add(it.get("kind") + " " + at(it, "metadata", "name")));

    assertThat(patched).hasSize(2).isSubsetOf(known);
  }

  @Test
  void selectorsFindThePodsOfADeployment() {
    List<Map<?, ?>> pods =
        ofKind("Deployment")
            .map(it -> (Map<?, ?>) it.at("spec", "template", "metadata", "labels"))
            .collect(Collectors.toList());
    List<Object> selectors = new ArrayList<>();
    ofKind("Deployment").forEach(it -> selectors.add(it.at("spec", "selector", "matchLabels")));
    ofKind("PodDisruptionBudget")
        .forEach(it -> selectors.add(it.at("spec", "selector", "matchLabels")));
    ofKind("Service").forEach(it -> selectors.add(it.at("spec", "selector")));
    ofKind("NetworkPolicy")
        .forEach(it -> selectors.add(it.at("spec", "podSelector", "matchLabels")));

    assertThat(selectors)
        .hasSize(7)
        .allSatisfy(
            selector ->
                assertThat(pods)
                    .anyMatch(
                        labels ->
                            labels.entrySet().containsAll(((Map<?, ?>) selector).entrySet())));
  }

  @Test
  void aDisruptionBudgetLeavesRoomForADisruption() {
    ofKind("PodDisruptionBudget")
        .forEach(
            budget -> {
              Map<?, ?> selector = (Map<?, ?>) budget.at("spec", "selector", "matchLabels");
              Resource deployment =
                  ofKind("Deployment")
                      .filter(
                          it -> selector.equals(it.at("spec", "template", "metadata", "labels")))
                      .findFirst()
                      .orElseThrow();
              assertThat((Integer) deployment.at("spec", "replicas"))
                  .isGreaterThan((Integer) budget.at("spec", "minAvailable"));
            });
  }

  @Test
  void portsAndProbesAreThoseOfTheApplication() throws IOException {
    int port = (Integer) settings().getProperty("server.port");
    assertThat(ofKind("Deployment"))
        .hasSize(3)
        .allSatisfy(
            deployment -> {
              Map<?, ?> container = container(deployment);
              assertThat(list(container.get("ports")))
                  .singleElement()
                  .isEqualTo(Map.of("name", "http", "containerPort", port));
              for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                Map<?, ?> get = (Map<?, ?>) at(container, probe, "httpGet");
                assertThat(get.get("port")).isEqualTo("http");
                assertThat(String.valueOf(get.get("path")))
                    .isIn("/actuator/health/liveness", "/actuator/health/readiness");
              }
            });
    assertThat(ofKind("NetworkPolicy"))
        .singleElement()
        .satisfies(
            policy ->
                assertThat(policy.at("spec", "ingress")).asString().contains("port=" + port + ","));
    assertThat(Files.readString(DEPLOY.resolve("docker/Dockerfile"))).contains("EXPOSE " + port);
  }

  @Test
  void volumesThatAreMountedAreThere() {
    assertThat(ofKind("Deployment"))
        .allSatisfy(
            deployment ->
                assertThat(names(container(deployment).get("volumeMounts")))
                    .containsExactlyInAnyOrderElementsOf(
                        names(deployment.at("spec", "template", "spec", "volumes"))));
  }

  /** A role that no deployment has would be work that is never done. */
  @Test
  void theDeploymentsHaveEveryRoleBetweenThem() {
    List<String> roles =
        ofKind("Deployment")
            .flatMap(it -> list(container(it).get("env")).stream())
            .map(it -> (Map<?, ?>) it)
            .filter(it -> it.get("name").equals("ORDERFLOW_ROLES"))
            .flatMap(it -> Arrays.stream(String.valueOf(it.get("value")).split(", ")))
            .toList();

    assertThat(roles)
        .containsExactlyInAnyOrder(
            Arrays.stream(InstanceRole.values())
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .toArray(String[]::new));
  }

  @Test
  void thereIsATopicForEachEventAsTheApplicationWouldMakeIt() {
    Map<String, Integer> wanted =
        Arrays.stream(EventType.values())
            .flatMap(
                type ->
                    Stream.concat(Stream.of(type.topic()), type.deadLetterTopic().stream())
                        .map(topic -> Map.entry(topic, type.partitions())))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

    assertThat(
            ofKind("KafkaTopic")
                .collect(
                    Collectors.toMap(Resource::name, it -> (Integer) it.at("spec", "partitions"))))
        .isEqualTo(wanted);
    assertThat(ofKind("KafkaTopic"))
        .allSatisfy(
            it -> {
              assertThat(it.at("spec", "replicas")).isEqualTo(3);
              assertThat(it.at("spec", "config", "min.insync.replicas")).isEqualTo(2);
            });
  }

  @Test
  void whatIsDescribedAsATopicHasOne() {
    Map<?, ?> channels =
        (Map<?, ?>)
            documents(Path.of("src/main/resources/static/asyncapi.yaml")).get(0).get("channels");

    assertThat(ofKind("KafkaTopic").map(Resource::name).toList())
        .containsAll(
            channels.values().stream()
                .map(channel -> String.valueOf(((Map<?, ?>) channel).get("address")))
                .toList());
  }

  @Test
  void scalesADeploymentThatIsThereToNoMoreInstancesThanPartitions() {
    assertThat(ofKind("ScaledObject"))
        .singleElement()
        .satisfies(
            scaled -> {
              assertThat(ofKind("Deployment").map(Resource::name))
                  .contains(scaled.text("spec", "scaleTargetRef", "name"));
              assertThat(scaled.at("spec", "maxReplicaCount"))
                  .isEqualTo(EventType.ORDER_COMPLETED.partitions());
              assertThat((Integer) scaled.at("spec", "minReplicaCount")).isPositive();
            });
  }

  @Test
  void thePoolerIsThatOfTheCluster() {
    assertThat(ofKind("Pooler"))
        .singleElement()
        .satisfies(
            pooler ->
                assertThat(ofKind("Cluster").map(Resource::name))
                    .containsExactly(pooler.text("spec", "cluster", "name")));
  }

  @Test
  void composeFilesWaitForServicesThatAreThereAndMountVolumesThatAre() {
    for (String name : List.of("compose.yaml", "cluster.yaml")) {
      Map<?, ?> file = documents(DEPLOY.resolve("compose").resolve(name)).get(0);
      Map<?, ?> services = (Map<?, ?>) file.get("services");
      for (Object value : services.values()) {
        Map<?, ?> service = (Map<?, ?>) value;
        assertThat(new ArrayList<Object>(services.keySet()))
            .containsAll(list(service.get("depends_on")));
        assertThat(((Map<?, ?>) file.get("volumes")).keySet())
            .extracting(String::valueOf)
            .containsAll(
                list(service.get("volumes")).stream()
                    .map(volume -> String.valueOf(volume).replaceAll(":.*", ""))
                    .toList());
      }
    }
  }

  @Test
  void theUnitReadsTheFileBesideIt() throws IOException {
    assertThat(Files.readString(DEPLOY.resolve("systemd/orderflow.service")))
        .contains("EnvironmentFile=/etc/orderflow/orderflow.env")
        .contains("TimeoutStopSec=45");
  }

  /** What starts something; alerts and dashboards have a test of their own. */
  static Stream<Path> files() {
    try (Stream<Path> all = Files.walk(DEPLOY)) {
      return all
          .filter(Files::isRegularFile)
          .filter(file -> !Set.of("prometheus", "grafana").contains(file.getName(1).toString()))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> known(Set<String> named) throws IOException {
    String text = Files.readString(Path.of("application.yml"));
    Set<String> settings =
        Arrays.stream(settings().getPropertyNames())
            .map(DeploymentFilesTest::plain)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return named.stream()
        .filter(
            name ->
                OF_SPRING.contains(name)
                    || text.contains("${" + name + ":")
                    || settings.contains(plain(name)))
        .collect(Collectors.toSet());
  }

  /** How Spring compares a variable with a setting. */
  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  private static EnumerablePropertySource<?> settings() throws IOException {
    return (EnumerablePropertySource<?>)
        new YamlPropertySourceLoader()
            .load("application.yml", new FileSystemResource("application.yml"))
            .get(0);
  }

  private static Stream<Resource> resources() {
    return files()
        .filter(file -> file.startsWith(DEPLOY.resolve("kubernetes")))
        .filter(file -> !file.endsWith("kustomization.yaml"))
        .flatMap(file -> documents(file).stream().map(content -> new Resource(file, content)));
  }

  private static Stream<Resource> ofKind(String kind) {
    return resources().filter(it -> it.kind().equals(kind));
  }

  private static Map<?, ?> container(Resource deployment) {
    return (Map<?, ?>) list(deployment.at("spec", "template", "spec", "containers")).get(0);
  }

  private static List<String> names(Object named) {
    return list(named).stream().map(it -> String.valueOf(((Map<?, ?>) it).get("name"))).toList();
  }

  private static List<?> list(Object value) {
    return value == null ? List.of() : (List<?>) value;
  }

  private static Object at(Map<?, ?> content, String... path) {
    Object found = content;
    for (String name : path) {
      assertThat(found).as(String.join(".", path)).isInstanceOf(Map.class);
      found = ((Map<?, ?>) found).get(name);
    }
    return found;
  }

  private static List<Map<?, ?>> documents(Path file) {
    try {
      List<Map<?, ?>> documents = new ArrayList<>();
      yaml().loadAll(Files.readString(file)).forEach(it -> documents.add((Map<?, ?>) it));
      return documents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Yaml yaml() {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    return new Yaml(new SafeConstructor(strict));
  }
}
