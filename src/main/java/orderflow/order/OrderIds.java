package orderflow.order;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.time.Instant;
import java.util.UUID;

/**
 * UUIDv7 (RFC 9562, section 5.7): the first 48 bits are the milliseconds since 1970, and ids made
 * in turn grow.
 */
public final class OrderIds {

  private static final TimeBasedEpochGenerator GENERATOR = Generators.timeBasedEpochGenerator();

  private static final long LATEST_MILLI = (1L << 48) - 1;

  private OrderIds() {}

  /** A new id of this moment. */
  public static UUID at(Instant moment) {
    return GENERATOR.construct(moment.toEpochMilli());
  }

  /** The moment that an id holds, in milliseconds since 1970; -1 for an id of another kind. */
  public static long madeAt(UUID id) {
    return id.version() == 7 ? id.getMostSignificantBits() >>> 16 : -1;
  }

  /**
   * The smallest id of a moment or a later one, of things whose times are whole milliseconds: those
   * of their ids.
   */
  public static UUID firstOf(Instant moment) {
    long milli = moment.minusNanos(1).toEpochMilli() + 1;
    return least(Math.max(0, Math.min(milli, LATEST_MILLI)));
  }

  /** The smallest id of this millisecond or a later one. */
  public static UUID least(long epochMilli) {
    return new UUID(epochMilli << 16 | 0x7000, 0x8000000000000000L);
  }
}
