package orderflow.security;

import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

  @Bean
  FilterRegistrationBean<ApiKeyFilter> apiKeyFilter(
      SecuritySettings settings, @Value("${orderflow.data}") Path data) {
    ApiKey key =
        settings.apiKey().isBlank()
            ? new ApiKeyFile(data.resolve("api-key")).key()
            : new ApiKey(settings.apiKey().strip());
    var registration = new FilterRegistrationBean<>(new ApiKeyFilter(key));
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return registration;
  }
}
