package orderflow.platform.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * Refuses TRACE like any other unsupported method: Tomcat would refuse it ahead of all filters and
 * without a body, and the servlet would echo the request.
 */
@Configuration(proxyBeanMethods = false)
class TraceRequests {

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> traceReachesTheServlet() {
    return factory -> factory.addConnectorCustomizers(tomcat -> tomcat.setAllowTrace(true));
  }

  /** Replaces Spring Boot's own by its name. */
  @Bean
  DispatcherServlet dispatcherServlet() {
    return new DispatcherServlet() {

      private static final long serialVersionUID = 1;

      @Override
      protected void doTrace(HttpServletRequest request, HttpServletResponse response)
          throws ServletException, IOException {
        processRequest(request, response);
      }
    };
  }
}
