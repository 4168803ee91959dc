package orderflow.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import orderflow.mail.Delivery.ServerAway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SmtpCircuitBreakerTest {

  private static final ServerAway REFUSAL =
      new ServerAway("554 5.7.1 <…>: Relay access denied", true);
  private static final ServerAway ABSENCE = new ServerAway("connection refused", false);

  private final AtomicLong nanos = new AtomicLong();
  private final SmtpCircuitBreaker server = new SmtpCircuitBreaker("smtp.example:587", nanos::get);

  @Test
  void asksWithOneMailAtATimeAndPausesThatGrowToHalfAMinute() {
    assertThat(server.allows(25)).isEqualTo(25);
    server.failure(REFUSAL);
    server.done();
    for (int pause : new int[] {1, 2, 4, 8, 16, 30, 30}) {
      passes(Duration.ofSeconds(pause).minusMillis(1));
      assertThat(server.allows(25)).isZero();
      passes(Duration.ofMillis(1));
      assertThat(server.allows(25)).isEqualTo(1);
      assertThat(server.allows(25)).as("another asks").isZero();
      server.failure(REFUSAL);
      server.done();
    }
    passes(Duration.ofSeconds(30));
    assertThat(server.allows(25)).isEqualTo(1);
    server.answered();
    server.done();
    assertThat(server.allows(25)).isEqualTo(25);
  }

  @Test
  void saysThatAllMailsWaitAndWhyAtOnceEveryMinuteAndWhenItIsOver(CapturedOutput output) {
    fail(ABSENCE);
    passes(Duration.ofSeconds(1));
    fail(REFUSAL);
    for (int i = 0; i < 4; i++) {
      passes(Duration.ofSeconds(30));
      fail(REFUSAL);
    }
    server.answered();

    List<String> lines =
        output.toString().lines().filter(l -> l.contains("Mail server smtp.example:587")).toList();
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0)).contains("smtp.example:587 is away", "connection refused");
    assertThat(lines.get(1))
        .contains("refuses whatever this system sends, for 1 s", "554 5.7.1 <…>: Relay access");
    assertThat(lines.get(2)).contains("for 61 s");
    assertThat(lines.get(3)).contains("for 121 s");
    assertThat(lines.get(4)).contains("takes mails again after 121 s (6 attempts)");
  }

  private void fail(ServerAway reason) {
    assertThat(server.allows(1)).isEqualTo(1);
    server.failure(reason);
    server.done();
  }

  private void passes(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
