package orderflow.overview;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happened to an order, the first thing first, and why its effects are as they are. */
public record OrderTimeline(UUID orderId, List<Event> events, Standings effects) {

  public OrderTimeline {
    events = List.copyOf(events);
  }

  /** What can happen. The names are part of the interface and never change. */
  public enum Kind {
    PLACED,
    COUPON_RESERVED,
    /** The order's event is not on Kafka yet. */
    EVENT_WAITING,
    POINTS_BOOKED,
    COUPON_USED,
    MAIL_QUEUED,
    DEAD_LETTER,
    REPLAY_REQUESTED,
    DEAD_LETTER_REPLAYED,
    DEAD_LETTER_DISCARDED,
    MAIL_RESENT,
    MAIL_SENT,
    CANCELLED,
    RETURNED,
    GOODWILL_GIVEN,
    COUPON_RELEASED,
    POINTS_REVERSED,
    MAIL_SUPPRESSED,
    REFUND_REPORTED,
    /** The next attempt, after one that failed. */
    MAIL_DUE
  }

  /**
   * @param by the caller, consumer or server that did it; null where that is not known
   * @param text one sentence for people, without personal data
   * @param ref the address or id of what it is about
   */
  public record Event(
      Instant at, Kind kind, @Nullable String by, String text, @Nullable String ref) {}

  /** How the three effects stand. */
  public record Standings(Standing points, Standing coupon, Standing email) {}

  /**
   * @param why it is as it is, in one sentence for people
   * @param act whether a person must act
   */
  public record Standing(Effects.Status status, String why, Act act) {}

  /** Whether a person must act. */
  public enum Act {
    NONE,
    /** It goes on by itself. */
    WAIT,
    PERSON
  }
}
