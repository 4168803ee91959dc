package orderflow.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailedLoginsTest {

  private long now;
  private final FailedLogins failures = new FailedLogins(2, () -> now);

  @Test
  void asksToWaitForTheRestOfTheMinuteAfterTooMany() {
    assertThat(failures.note("192.0.2.1").isExceeded()).isFalse();
    assertThat(failures.note("192.0.2.1").isExceeded()).isFalse();
    now += Duration.ofSeconds(20).toNanos();
    assertThat(failures.note("192.0.2.1")).isEqualTo(new FailedLogins.Quota(2, -1, 40));
    assertThat(failures.note("192.0.2.2").isExceeded()).as("another address").isFalse();
    now += Duration.ofSeconds(40).toNanos();
    assertThat(failures.note("192.0.2.1").isExceeded()).isFalse();
  }

  @Test
  void countsAnIpv6NetworkAsOneAddress() {
    failures.note("2001:db8:0:1:0:0:0:1");
    failures.note("2001:db8:0:1:0:0:0:2");
    assertThat(failures.note("2001:db8:0:1:a:b:c:d").isExceeded()).isTrue();
    assertThat(failures.note("2001:db8:0:2:0:0:0:1").isExceeded()).isFalse();
  }

  @Test
  void remembersABoundedNumberOfAddresses() {
    for (int i = 0; i < 20_000; i++) {
      failures.note("10.0." + i / 256 + "." + i % 256);
    }
    assertThat(failures.size()).isEqualTo(10_000);
  }
}
