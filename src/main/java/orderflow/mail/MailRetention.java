package orderflow.mail;

import java.time.Clock;
import java.time.Duration;
import orderflow.platform.retry.BackgroundLoop;
import orderflow.platform.role.InstanceRole;
import orderflow.platform.role.OnInstanceRole;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Empties mails that were settled long ago, a few at a time. */
@Configuration(proxyBeanMethods = false)
class MailRetention {

  private static final Duration POLL = Duration.ofMinutes(10);
  private static final int BATCH = 500;

  @Bean
  @OnInstanceRole(InstanceRole.MAINTENANCE)
  BackgroundLoop mailRetentionLoop(Mails mails, MailSettings settings, Clock clock) {
    return new BackgroundLoop(
        "mail-retention",
        POLL,
        () -> mails.emptySettled(clock.instant().minus(settings.sentRetention()), BATCH) == BATCH);
  }
}
