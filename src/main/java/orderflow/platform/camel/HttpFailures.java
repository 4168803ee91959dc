package orderflow.platform.camel;

import org.apache.camel.builder.RouteConfigurationBuilder;
import org.springframework.stereotype.Component;

/**
 * A request that fails is neither tried again nor put aside: its exception goes back to the {@link
 * WhitelistHttpConsumer}, which has it answered as a problem. The client decides what to do.
 */
@Component
public class HttpFailures extends RouteConfigurationBuilder {

  public static final String ID = "http";

  @Override
  public void configuration() {
    routeConfiguration(ID).errorHandler(noErrorHandler());
  }
}
