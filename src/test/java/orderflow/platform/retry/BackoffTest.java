package orderflow.platform.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final Duration INITIAL = Duration.ofMillis(200);
  private static final Duration MAX = Duration.ofSeconds(5);

  @Test
  void doublesFromTheInitialPauseUpToTheLongest() {
    var backoff = new Backoff(INITIAL, MAX);
    assertThat(IntStream.rangeClosed(1, 7).mapToLong(n -> backoff.after(n).toMillis()))
        .containsExactly(200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L);
  }

  @Test
  void staysAtTheLongestPauseHoweverManyFailures() {
    var backoff = new Backoff(INITIAL, Duration.ofDays(3));
    assertThat(IntStream.of(31, 32, 64, 1_000, Integer.MAX_VALUE).mapToObj(backoff::after))
        .containsOnly(Duration.ofDays(3));
  }

  @Test
  void jitterShortensByItsShareAtMostAndNeverLengthens() {
    var backoff = new Backoff(INITIAL, MAX, 0.25);
    assertThat(IntStream.range(0, 1_000).mapToObj(i -> backoff.after(2)))
        .allSatisfy(
            pause -> assertThat(pause).isBetween(Duration.ofMillis(300), Duration.ofMillis(400)));
    assertThat(IntStream.range(0, 1_000).mapToObj(i -> backoff.after(2)).distinct())
        .hasSizeGreaterThan(100);
    assertThat(backoff.shortestAfter(2)).isEqualTo(Duration.ofMillis(300));
    assertThat(backoff.shortestAfter(50)).isEqualTo(Duration.ofMillis(3_750));
  }

  @Test
  void refusesBoundsThatAreNone() {
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, MAX))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Backoff(MAX, INITIAL))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Backoff(INITIAL, MAX, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
