package orderflow.platform.embedded;

import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Starts the embedded servers before any bean is made, gives the context their addresses, and stops
 * them after its last bean.
 */
public class EmbeddedServersInitializer
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  /** A lambda would be called, in vain, for each event: Spring can't see which ones it is for. */
  private record AwaitKafka(EmbeddedServers servers)
      implements ApplicationListener<ApplicationStartedEvent> {

    @Override
    public void onApplicationEvent(ApplicationStartedEvent started) {
      servers.awaitKafka();
    }
  }

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    Environment environment = context.getEnvironment();
    EmbeddedServers servers =
        EmbeddedServers.start(
            notReplaced(environment),
            Path.of(environment.getRequiredProperty("orderflow.data")),
            Binder.get(environment).bindOrCreate("orderflow.embedded", EmbeddedSettings.class),
            Clock.systemUTC());
    publish(servers, context);
    context.addApplicationListener(new AwaitKafka(servers));
    // The first registered is the last destroyed; the handler is for an end that comes before the
    // context stands.
    ((DefaultSingletonBeanRegistry) context.getBeanFactory())
        .registerDisposableBean("embeddedServers", (DisposableBean) servers::close);
    SpringApplication.getShutdownHandlers().add(servers::close);
  }

  /** Makes the servers known to a context that does not own them. */
  public static void publish(EmbeddedServers servers, ConfigurableApplicationContext context) {
    context
        .getEnvironment()
        .getPropertySources()
        .addFirst(new MapPropertySource("embeddedServers", servers.properties()));
    context.getBeanFactory().registerSingleton("mailbox", servers.mailbox());
  }

  private static Set<EmbeddedPart> notReplaced(Environment environment) {
    return EnumSet.allOf(EmbeddedPart.class).stream()
        .filter(part -> !StringUtils.hasText(environment.getProperty(part.replacedBy)))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(EmbeddedPart.class)));
  }
}
