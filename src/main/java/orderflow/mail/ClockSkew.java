package orderflow.mail;

import java.time.Clock;
import java.time.Duration;
import orderflow.platform.retry.BackgroundLoop;
import orderflow.platform.role.InstanceRole;
import orderflow.platform.role.OnInstanceRole;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Keeps mails from waiting for a time of day that the clock was put back from. */
@Configuration(proxyBeanMethods = false)
class ClockSkew {

  private static final Duration POLL = Duration.ofMinutes(1);

  @Bean
  @OnInstanceRole(InstanceRole.MAILS)
  BackgroundLoop mailClockLoop(Mails mails, MailSettings settings, MailSender sender, Clock clock) {
    return new BackgroundLoop(
        "mail-clock",
        POLL,
        () -> {
          int hastened = mails.hasten(clock.instant(), settings.maxBackoff());
          if (hastened > 0) {
            sender.wake();
          }
          return hastened == Mails.HASTENED_AT_ONCE;
        });
  }
}
