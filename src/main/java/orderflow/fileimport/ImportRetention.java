package orderflow.fileimport;

import java.time.Clock;
import java.time.Duration;
import orderflow.platform.retry.BackgroundLoop;
import orderflow.platform.role.InstanceRole;
import orderflow.platform.role.OnInstanceRole;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Forgets imports that ended long ago, some at a time, and ends those whose file was taken away;
 * brings back files that grow after their import.
 */
@Configuration(proxyBeanMethods = false)
class ImportRetention {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int FORGOTTEN_AT_ONCE = 1_000;

  @Bean
  @OnInstanceRole(InstanceRole.MAINTENANCE)
  BackgroundLoop forgetImports(Imports imports, ImportSettings settings, Clock clock) {
    return new BackgroundLoop(
        "forget-imports",
        Duration.ofHours(1),
        () ->
            imports.forgetBefore(clock.instant().minus(settings.retention()), FORGOTTEN_AT_ONCE)
                == FORGOTTEN_AT_ONCE);
  }

  @Bean
  @OnInstanceRole(InstanceRole.IMPORTS)
  BackgroundLoop bringBackGrownFiles(FileDrop fileDrop) {
    return new BackgroundLoop(
        "watch-imported-files",
        Duration.ofSeconds(1),
        () -> {
          fileDrop.bringBackGrown();
          return false;
        });
  }

  @Bean
  @OnInstanceRole(InstanceRole.IMPORTS)
  BackgroundLoop endVanishedImports(FileDrop fileDrop, Clock clock) {
    return new BackgroundLoop(
        "end-vanished-imports",
        PATIENCE,
        () -> {
          fileDrop.endVanished(clock.instant().minus(PATIENCE));
          return false;
        });
  }
}
