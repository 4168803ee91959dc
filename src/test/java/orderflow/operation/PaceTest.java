package orderflow.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-11-22T05:00:00Z");

  @Test
  void whatIsBegunUsesTheSecondUp() {
    assertThat(Pace.allowed(null, NOW, 10)).isEqualTo(10);
    OffsetDateTime used = Pace.after(null, NOW, 10, 10);

    assertThat(Pace.allowed(used, NOW, 10)).isZero();
    assertThat(Pace.allowed(used, NOW.plus(Duration.ofMillis(350)), 10)).isEqualTo(3);
    assertThat(Pace.allowed(used, NOW.plusSeconds(1), 10)).isEqualTo(10);
  }

  @Test
  void whatWasLeftOfASecondCountsAndNoMore() {
    OffsetDateTime used = Pace.after(null, NOW, 10, 4);

    assertThat(Pace.allowed(used, NOW, 10)).isEqualTo(6);
    assertThat(Pace.allowed(used, NOW.plusSeconds(60), 10)).isEqualTo(10);
  }

  @Test
  void lookingMoreOftenBeginsNoMore() {
    OffsetDateTime used = Pace.after(null, NOW, 3, 3);
    int begun = 0;
    for (int i = 1; i <= 100; i++) {
      OffsetDateTime now = NOW.plus(Duration.ofMillis(100L * i));
      int allowed = Pace.allowed(used, now, 3);
      used = Pace.after(used, now, 3, allowed);
      begun += allowed;
    }

    assertThat(begun).isBetween(29, 30);
  }

  @Test
  void aClockThatIsPutBackHoldsNothingUp() {
    OffsetDateTime used = Pace.after(null, NOW, 10, 10);

    assertThat(Pace.allowed(used, NOW.minusHours(1), 10)).isEqualTo(10);
  }
}
