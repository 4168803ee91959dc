package orderflow.platform.camel;

import org.apache.camel.builder.RouteConfigurationBuilder;
import org.springframework.stereotype.Component;

/**
 * A failed request is not retried and makes no dead letter: the {@link WhitelistHttpConsumer}
 * answers it with a problem, and the client decides what to do.
 */
@Component
public class HttpFailures extends RouteConfigurationBuilder {

  public static final String ID = "http";

  @Override
  public void configuration() {
    routeConfiguration(ID).errorHandler(noErrorHandler());
  }
}
