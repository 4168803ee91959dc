package orderflow.platform.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class OutageLogTest {

  /** Overflows during the tests, as {@link System#nanoTime} may. */
  private final AtomicLong nanoTime =
      new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(90).toNanos());

  private final OutageLog outage = new OutageLog("the test", nanoTime::get);

  @Test
  void isLoggedWhenItBeginsOnceAMinuteAndWhenItHasRecovered(CapturedOutput output) {
    for (int i = 0; i < 100; i++) {
      outage.failure(new RuntimeException(new IOException("attempt " + i)));
      pass(Duration.ofMillis(1_500));
    }
    outage.recovered();

    assertThat(lines(output))
        .containsExactly(
            "the test failed, retrying: IOException: attempt 0",
            "the test still failing after 60 s (41 attempts): IOException: attempt 40",
            "the test still failing after 120 s (81 attempts): IOException: attempt 80",
            "the test recovered after 150 s (100 attempts)");
  }

  @Test
  void aMinuteBeginsAnewWithEachReminder(CapturedOutput output) {
    fail();
    pass(Duration.ofSeconds(119));
    fail();
    pass(Duration.ofSeconds(59));
    fail();
    pass(Duration.ofSeconds(1));
    fail();

    assertThat(lines(output))
        .hasSize(3)
        .last()
        .asString()
        .startsWith("the test still failing after 179 s");
  }

  @Test
  void theNextOneIsLoggedFromItsOwnBeginning(CapturedOutput output) {
    IntStream.range(0, 3).forEach(i -> fail());
    outage.recovered();
    pass(Duration.ofMinutes(2));

    assertThat(fail()).isEqualTo(1);
    pass(Duration.ofSeconds(5));
    assertThat(fail()).isEqualTo(2);
    outage.recovered();

    assertThat(lines(output))
        .containsExactly(
            "the test failed, retrying: IOException: down",
            "the test recovered after 0 s (3 attempts)",
            "the test failed, retrying: IOException: down",
            "the test recovered after 5 s (2 attempts)");
  }

  @Test
  void whatNeverFailedIsNotWorthALine(CapturedOutput output) {
    outage.recovered();

    assertThat(lines(output)).isEmpty();
  }

  private int fail() {
    return outage.failure(new IOException("down"));
  }

  private void pass(Duration time) {
    nanoTime.addAndGet(time.toNanos());
  }

  /** The messages of the log lines. */
  private static List<String> lines(CapturedOutput output) {
    return output
        .toString()
        .lines()
        .filter(line -> line.contains("the test"))
        .map(line -> line.substring(line.indexOf("the test")))
        .toList();
  }
}
