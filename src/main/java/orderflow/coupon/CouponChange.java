package orderflow.coupon;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What of a coupon is to be changed.
 *
 * @param enabled null for no change
 * @param changesValidUntil whether the end is changed
 * @param validUntil null for no end
 * @param usageLimit null for no change
 */
public record CouponChange(
    @Nullable Boolean enabled,
    boolean changesValidUntil,
    @Nullable Instant validUntil,
    @Nullable Integer usageLimit) {}
