package orderflow.body;

import jakarta.servlet.DispatcherType;
import java.time.Duration;
import orderflow.problem.ProblemAnswers;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

@Configuration(proxyBeanMethods = false)
class BodyConfiguration {

  /** Ahead of all others: one that refuses a request leaves no unread body to be waited for. */
  @Bean
  FilterRegistrationBean<BodyFilter> bodyFilter(
      @Value("${orderflow.body.patience}") Duration patience, ProblemAnswers problems) {
    var registration = new FilterRegistrationBean<>(new BodyFilter(patience, problems::answer));
    registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return registration;
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> sequentialHttp() {
    return factory -> factory.setProtocol(SequentialHttp.class.getName());
  }
}
