package orderflow.overview;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What follows from an order. */
public record Effects(Points points, CouponUse coupon, Email email) {

  /** How far an effect has got. */
  public enum Status {
    /** There is none to come. */
    NONE,
    PENDING,
    DONE,
    /** It was given up; the dead letters say why. */
    FAILED
  }

  /**
   * @param points booked, or to be booked
   */
  public record Points(Status status, long points, @Nullable Instant at) {}

  /**
   * @param discount with the currency's decimals; null where there is no coupon
   */
  public record CouponUse(
      Status status,
      @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable BigDecimal discount,
      @Nullable Instant at) {}

  /**
   * @param attempts to hand it to the mail server
   */
  public record Email(Status status, int attempts, @Nullable Instant at) {}
}
