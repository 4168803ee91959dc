package orderflow.platform.http;

import jakarta.servlet.DispatcherType;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

@Configuration(proxyBeanMethods = false)
class BodyConfiguration {

  /** After the access filter and before all others, which find the body complete. */
  @Bean
  FilterRegistrationBean<BodyFilter> bodyFilter(HttpSettings settings, ProblemWriter problems) {
    var registration =
        new FilterRegistrationBean<>(new BodyFilter(settings.bodyTimeout(), problems::answer));
    registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
    return registration;
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> sequentialHttp(HttpSettings settings) {
    return factory -> {
      factory.setProtocol(SequentialHttp.class.getName());
      factory.addConnectorCustomizers(
          tomcat ->
              tomcat.setProperty(
                  "headerTimeoutMillis", String.valueOf(settings.headerTimeout().toMillis())));
    };
  }
}
