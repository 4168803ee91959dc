package orderflow.bench;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The time that all processes of this machine share. */
final class Now {

  private Now() {}

  /** Microseconds since 1970. */
  static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
