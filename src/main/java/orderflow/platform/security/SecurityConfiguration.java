package orderflow.platform.security;

import java.nio.file.Path;
import java.time.Clock;
import orderflow.platform.http.ProblemWriter;
import orderflow.platform.startup.ConsoleAddress;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

  @Bean
  Authenticator authenticator(
      SecuritySettings settings,
      ObjectProvider<Tokens> tokens,
      @Value("${orderflow.data}") Path data) {
    ApiKey own =
        settings.apiKey().isBlank()
            ? new ApiKeyFile(data.resolve("api-key")).key()
            : ApiKey.ofOperator(settings.apiKey().strip());
    return new Authenticator(own, new KeysFile(settings.keysFile()), tokens.getIfAvailable());
  }

  @Bean
  FailedLogins failedLogins(SecuritySettings settings) {
    return new FailedLogins(settings.maxFailedLoginsPerMinute(), System::nanoTime);
  }

  @Bean
  Sessions sessions(Authenticator keys, FailedLogins failures, Clock clock) {
    return new Sessions(keys, failures, clock);
  }

  @Bean
  ConsoleAddress consoleAddress(Sessions sessions) {
    return (http, local) ->
        local
            ? http
                + "/console/login?once="
                + sessions.newLink()
                + " (logs in once, from this machine, within an hour)"
            : http + "/console";
  }

  @Bean
  FilterRegistrationBean<AccessFilter> accessFilter(
      Authenticator callers,
      FailedLogins failures,
      Calls calls,
      Sessions sessions,
      ProblemWriter problems) {
    var registration =
        new FilterRegistrationBean<>(
            new AccessFilter(callers, failures, calls, sessions, problems));
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
    return registration;
  }
}
