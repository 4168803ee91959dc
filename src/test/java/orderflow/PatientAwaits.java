package orderflow;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.awaitility.pollinterval.IterativePollInterval;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets tests wait longer than Awaitility's ten seconds where they name no bound of their own: a
 * busy machine is no fault. They look soon at first and less often later: most conditions hold
 * within a few milliseconds.
 */
public final class PatientAwaits implements BeforeAllCallback {

  private static final Duration FIRST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofMillis(100);
  private static final UnaryOperator<Duration> GROWING =
      last -> last.compareTo(LONGEST) < 0 ? last.plus(FIRST) : LONGEST;

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    Awaitility.setDefaultPollDelay(FIRST);
    Awaitility.setDefaultPollInterval(IterativePollInterval.iterative(GROWING, FIRST));
  }
}
