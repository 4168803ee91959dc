package orderflow.consumer;

import java.time.Duration;
import java.util.Map;
import orderflow.outbox.EventType;
import orderflow.outbox.Topics;
import orderflow.platform.retry.BackgroundLoop;
import orderflow.platform.role.InstanceRole;
import orderflow.platform.role.InstanceRoles;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Begins to consume once the broker is there with its topics: a consumer that comes first would
 * make them wrongly.
 */
@Component
public class StartConsumersWhenTopicsExist implements CamelContextConfiguration, DisposableBean {

  public static final String ROUTE = "order-completed";

  /** The routes that read what other events there are. */
  public static final Map<String, EventType> MORE_ROUTES =
      Map.of(
          "order-cancelled", EventType.ORDER_CANCELLED, "order-returned", EventType.ORDER_RETURNED);

  private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

  private final Topics topics;
  private final InstanceRoles roles;
  private @Nullable BackgroundLoop loop;

  StartConsumersWhenTopicsExist(Topics topics, InstanceRoles roles) {
    this.topics = topics;
    this.roles = roles;
  }

  @Override
  public void beforeApplicationStart(CamelContext camel) {}

  @Override
  public void afterApplicationStart(CamelContext camel) {
    loop =
        new BackgroundLoop(
            "kafka-topics",
            LOOK_AGAIN,
            () -> {
              topics.makeMissing();
              if (roles.has(InstanceRole.CONSUMERS)) {
                camel.getRouteController().startRoute(ROUTE);
                for (String route : MORE_ROUTES.keySet()) {
                  camel.getRouteController().startRoute(route);
                }
              }
              return false;
            });
    loop.start();
  }

  @Override
  public void destroy() {
    if (loop != null) {
      loop.stop();
    }
  }
}
