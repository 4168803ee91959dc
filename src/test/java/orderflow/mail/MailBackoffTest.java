package orderflow.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MailBackoffTest {

  private final MailBackoff backoff = new MailBackoff(Events.settings(Path.of(".")));

  @Test
  void pausesDoubleFromHalfAMinuteUpToAnHour() {
    assertThat(backoff.after(1).orElseThrow())
        .isBetween(Duration.ofSeconds(27), Duration.ofSeconds(30));
    assertThat(backoff.after(2).orElseThrow())
        .isBetween(Duration.ofSeconds(54), Duration.ofSeconds(60));
    assertThat(backoff.after(7).orElseThrow())
        .isBetween(Duration.ofSeconds(1728), Duration.ofSeconds(1920));
    assertThat(backoff.after(20).orElseThrow())
        .isBetween(Duration.ofMinutes(54), Duration.ofMinutes(60));
  }

  @Test
  void nobodyIsGivenUpOnBeforeADayOfPauses() {
    Duration waited = Duration.ZERO;
    int attempts = 1;
    for (var pause = backoff.after(attempts);
        pause.isPresent();
        pause = backoff.after(++attempts)) {
      waited = waited.plus(pause.get());
    }
    assertThat(waited).isBetween(Duration.ofHours(24), Duration.ofHours(28));
  }
}
