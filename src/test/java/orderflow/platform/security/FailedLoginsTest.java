package orderflow.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailedLoginsTest {

  private long now;
  private final FailedLogins failures = new FailedLogins(2, () -> now);

  @Test
  void asksToWaitForTheRestOfTheMinuteAfterTooMany() {
    assertThat(failures.note("192.0.2.1")).isZero();
    assertThat(failures.note("192.0.2.1")).isZero();
    now += Duration.ofSeconds(20).toNanos();
    assertThat(failures.note("192.0.2.1")).isEqualTo(40);
    assertThat(failures.note("192.0.2.2")).as("another address").isZero();
    now += Duration.ofSeconds(40).toNanos();
    assertThat(failures.note("192.0.2.1")).isZero();
  }

  @Test
  void countsAnIpv6NetworkAsOneAddress() {
    failures.note("2001:db8:0:1:0:0:0:1");
    failures.note("2001:db8:0:1:0:0:0:2");
    assertThat(failures.note("2001:db8:0:1:a:b:c:d")).isPositive();
    assertThat(failures.note("2001:db8:0:2:0:0:0:1")).isZero();
  }

  @Test
  void remembersABoundedNumberOfAddresses() {
    for (int i = 0; i < 20_000; i++) {
      failures.note("10.0." + i / 256 + "." + i % 256);
    }
    assertThat(failures.size()).isEqualTo(10_000);
  }
}
