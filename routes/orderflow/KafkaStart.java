package orderflow;

import java.time.Duration;
import orderflow.background.BackgroundLoop;
import orderflow.topics.Topics;
import org.apache.camel.CamelContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Begins to consume once the broker is there with its topics: a consumer that comes first would make them wrongly. */
@Configuration(proxyBeanMethods = false)
class KafkaStart {

  private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

  @Bean
  BackgroundLoop kafkaStartLoop(Topics topics, CamelContext camel) {
    return new BackgroundLoop(
        "kafka-topics",
        LOOK_AGAIN,
        () -> {
          topics.makeMissing();
          camel.getRouteController().startRoute(OrderCompletedRoute.ID);
          return false;
        });
  }
}
