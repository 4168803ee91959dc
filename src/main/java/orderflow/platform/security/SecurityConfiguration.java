package orderflow.platform.security;

import java.nio.file.Path;
import orderflow.platform.http.ProblemWriter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

  @Bean
  FilterRegistrationBean<AccessFilter> accessFilter(
      SecuritySettings settings,
      ObjectProvider<Tokens> tokens,
      Calls calls,
      ProblemWriter problems,
      @Value("${orderflow.data}") Path data) {
    ApiKey own =
        settings.apiKey().isBlank()
            ? new ApiKeyFile(data.resolve("api-key")).key()
            : ApiKey.ofOperator(settings.apiKey().strip());
    var callers =
        new Authenticator(own, new KeysFile(settings.keysFile()), tokens.getIfAvailable());
    var failures = new FailedLogins(settings.maxFailedLoginsPerMinute(), System::nanoTime);
    var registration =
        new FilterRegistrationBean<>(new AccessFilter(callers, failures, calls, problems));
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
    return registration;
  }
}
