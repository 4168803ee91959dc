package orderflow;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The system's time until it is put forward or back, or stopped. */
public final class TestClock extends Clock {

  private volatile InstantSource source = InstantSource.system();

  /** So much it is ahead of the system's time from now on. */
  public void isAhead(Duration by) {
    source = InstantSource.offset(InstantSource.system(), by);
  }

  /** There it stands from now on. */
  public void standsAt(Instant moment) {
    source = InstantSource.fixed(moment);
  }

  @Override
  public Instant instant() {
    return source.instant();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
