package orderflow.platform.http;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.slf4j.MDC;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Gives each request its id, including those that Tomcat refuses. */
final class ReceivingValve extends ValveBase {

  ReceivingValve() {
    super(true);
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    String id = ReceivedRequest.first(request).id();
    response.setHeader(RequestId.HEADER, id);
    MDC.put(RequestId.MDC_KEY, id);
    try {
      getNext().invoke(request, response);
    } finally {
      MDC.remove(RequestId.MDC_KEY);
    }
  }

  /** Before the valve that evaluates forwarding headers and removes them. */
  @Component
  @Order(Ordered.HIGHEST_PRECEDENCE)
  static class InTomcat implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
      factory.addEngineValves(new ReceivingValve());
      factory.addConnectorCustomizers(
          tomcat -> {
            // A body is requested (100-continue) only when its sender is known.
            tomcat.setProperty("continueResponseTiming", "onRead");
            // Ids in paths may contain slashes and backslashes, which must not be decoded.
            tomcat.setEncodedSolidusHandling("passthrough");
            tomcat.setEncodedReverseSolidusHandling("passthrough");
          });
    }
  }
}
