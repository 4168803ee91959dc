package orderflow.overview;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
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
   * @param reversed that were taken back; absent where none were
   */
  public record Points(
      Status status,
      long points,
      @Nullable Instant at,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long reversed) {}

  /**
   * @param discount with the currency's decimals; null where there is no coupon
   * @param releasedAt when the use was given back; absent where it was not
   */
  public record CouponUse(
      Status status,
      @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable BigDecimal discount,
      @Nullable Instant at,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant releasedAt) {}

  /**
   * @param attempts to hand it to the mail server
   * @param suppressed true if it is not sent because the order was cancelled; absent otherwise
   */
  public record Email(
      Status status,
      int attempts,
      @Nullable Instant at,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean suppressed) {}
}
