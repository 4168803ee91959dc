package orderflow.consumer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import orderflow.platform.retry.BackgroundLoop;
import orderflow.platform.retry.FailureClassifier;
import orderflow.platform.role.InstanceRole;
import orderflow.platform.role.InstanceRoles;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteBuilderLifecycleStrategy;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.TemplatedRouteDefinition;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * Loads the shop's own consumers from files in the Camel YAML DSL, once at the start, and runs
 * those that are not paused. A file that is broken is left out as a whole; all others run.
 */
@Component("ownConsumers")
class OwnConsumers implements CamelContextConfiguration, HealthIndicator, DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(OwnConsumers.class);
  private static final String FILES = ".camel.yaml";
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
  private static final Status DEGRADED = new Status("DEGRADED");

  private final OwnConsumerList list;
  private final OwnConsumerTable table;
  private final ConsumerProgress progress;
  private final OwnConsumerSettings settings;
  private final InstanceRoles roles;
  private final ApplicationEventPublisher events;
  private final Set<String> registered = new HashSet<>();
  private final List<String> broken = new ArrayList<>();
  private @Nullable BackgroundLoop loop;

  OwnConsumers(
      OwnConsumerList list,
      OwnConsumerTable table,
      ConsumerProgress progress,
      OwnConsumerSettings settings,
      InstanceRoles roles,
      ApplicationEventPublisher events) {
    this.list = list;
    this.table = table;
    this.progress = progress;
    this.settings = settings;
    this.roles = roles;
    this.events = events;
  }

  @Override
  public void beforeApplicationStart(CamelContext camel) {}

  @Override
  public void afterApplicationStart(CamelContext camel) {
    files().forEach(file -> load(camel, file));
    if (!list.own().isEmpty() && roles.has(InstanceRole.CONSUMERS)) {
      log.info("Consumers of your own: {}", String.join(", ", list.own().keySet()));
      loop =
          new BackgroundLoop(
              "own-consumers",
              LOOK_AGAIN,
              () -> {
                run(camel);
                return false;
              });
      loop.start();
    }
  }

  private List<Path> files() {
    if (!Files.isDirectory(settings.folder())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(settings.folder())) {
      return files.filter(file -> file.getFileName().toString().endsWith(FILES)).sorted().toList();
    } catch (IOException e) {
      broken.add(settings.folder().toString());
      log.error("The folder {} can't be read: {}", settings.folder(), FailureClassifier.reason(e));
      return List.of();
    }
  }

  /** What is loaded at a moment: routes and consumers, by their names. */
  record Loaded(Set<String> routes, Set<String> consumers) {}

  Loaded loaded(CamelContext camel) {
    Set<String> routes = new HashSet<>();
    camel.getRoutes().forEach(route -> routes.add(route.getRouteId()));
    return new Loaded(routes, list.own().keySet());
  }

  /** Loads a file, wholly or not at all. */
  void load(CamelContext camel, Path file) {
    Loaded before = loaded(camel);
    try {
      for (RoutesBuilder routes :
          PluginHelper.getRoutesLoader(camel)
              .findRoutesBuilders(ResourceHelper.resolveResource(camel, file.toUri().toString()))) {
        if (routes instanceof RouteBuilder builder) {
          builder.addLifecycleInterceptor(new OnlyNewNames(before.routes()));
        }
        camel.addRoutes(routes);
        camel.addTemplatedRoutes(routes);
      }
      Set<String> added = new HashSet<>(list.own().keySet());
      added.removeAll(before.consumers());
      if (added.isEmpty()) {
        throw new IllegalArgumentException("it makes no route of the template order-consumer");
      }
      for (String name : added) {
        addSource(camel, name);
      }
    } catch (Exception e) {
      broken.add(file.getFileName().toString());
      log.error("{} is not used: {}", file, fault(e));
      unload(camel, before);
    }
  }

  /** Refuses a route whose name is taken: Camel would put it in the place of that route. */
  private record OnlyNewNames(Set<String> taken) implements RouteBuilderLifecycleStrategy {

    @Override
    public void afterConfigure(RouteBuilder file) {
      if (!file.getRouteTemplateCollection().getRouteTemplates().isEmpty()) {
        throw new IllegalArgumentException("it must not make a route template");
      }
      Stream.concat(
              file.getRouteCollection().getRoutes().stream().map(RouteDefinition::getId),
              file.getTemplatedRouteCollection().getTemplatedRoutes().stream()
                  .map(TemplatedRouteDefinition::getRouteId))
          .filter(id -> id != null && taken.contains(id))
          .findFirst()
          .ifPresent(
              id -> {
                throw new IllegalArgumentException("there is a route " + id + " already");
              });
    }
  }

  private void addSource(CamelContext camel, String name) {
    TemplatedRouteBuilder.builder(camel, "own-order-completed")
        .routeId(source(name))
        .parameter("name", name)
        .add();
  }

  /** The innermost message, which says what is wrong with the file. */
  private static String fault(Exception failure) {
    Throwable innermost = failure;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return String.valueOf(innermost.getMessage()).lines().findFirst().orElse("");
  }

  /** Removes what was loaded since. */
  void unload(CamelContext camel, Loaded before) {
    for (String id : loaded(camel).routes()) {
      if (!before.routes().contains(id)) {
        try {
          camel.getRouteController().stopRoute(id);
          camel.removeRoute(id);
        } catch (Exception e) {
          log.error("The route {} can't be removed: {}", id, FailureClassifier.reason(e));
        }
      }
    }
    list.own().keySet().stream()
        .filter(name -> !before.consumers().contains(name))
        .forEach(list::remove);
  }

  /** Starts what is to run once the topic is there, and stops what is paused. */
  void run(CamelContext camel) throws Exception {
    if (camel.getRouteController().getRouteStatus(StartConsumersWhenTopicsExist.ROUTE)
        != ServiceStatus.Started) {
      return;
    }
    for (Map.Entry<String, OwnConsumerList.Start> own : list.own().entrySet()) {
      register(own.getKey(), own.getValue());
    }
    Map<String, Boolean> pauses = table.pauses();
    for (String name : list.own().keySet()) {
      String route = source(name);
      boolean runs = camel.getRouteController().getRouteStatus(route) == ServiceStatus.Started;
      boolean paused = pauses.getOrDefault(name, false);
      if (runs && paused) {
        camel.getRouteController().stopRoute(route);
        log.warn("{} is paused", name);
      } else if (!runs && !paused) {
        camel.getRouteController().startRoute(route);
      }
    }
  }

  private void register(String name, OwnConsumerList.Start start) throws Exception {
    if (!registered.contains(name)) {
      table.register(
          name,
          () -> {
            if (start == OwnConsumerList.Start.NOW) {
              progress.beginNow(group(name));
            }
          });
      registered.add(name);
      events.publishEvent(new ConsumerAdded(name));
    }
  }

  static String group(String name) {
    return ConsumerProgress.GROUP + "." + name;
  }

  private static String source(String name) {
    return "order-completed-for-" + name;
  }

  @Override
  public Health health() {
    return Health.status(broken.isEmpty() ? Status.UP : DEGRADED)
        .withDetail("broken", broken)
        .build();
  }

  @Override
  public void destroy() {
    if (loop != null) {
      loop.stop();
    }
  }
}
