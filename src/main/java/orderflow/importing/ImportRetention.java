package orderflow.importing;

import java.time.Clock;
import java.time.Duration;
import orderflow.background.BackgroundLoop;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Forgets imports that ended long ago. */
@Configuration(proxyBeanMethods = false)
class ImportRetention {

  @Bean
  BackgroundLoop forgetImports(Imports imports, ImportSettings settings, Clock clock) {
    return new BackgroundLoop(
        "forget-imports",
        Duration.ofHours(1),
        () -> {
          imports.forgetBefore(clock.instant().minus(settings.keep()));
          return false;
        });
  }
}
