package orderflow.platform.http;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The types of problems. Their names are part of the interface and never change. */
public enum ProblemType {
  MALFORMED_REQUEST(
      400,
      "Malformed request",
      "The request can't be read: its body is not JSON, not UTF-8 or names a field twice, or a query parameter or"
          + " a header has an invalid value."),
  IDEMPOTENCY_KEY_REQUIRED(
      400,
      "Idempotency key required",
      "The call moves money, points or coupons, so that it needs an Idempotency-Key: a retry with the same key does"
          + " nothing twice."),
  UNAUTHORIZED(
      401,
      "Unauthorized",
      "Send an API key or an access token that is valid, as the header Authorization: Bearer <key>."),
  FORBIDDEN(403, "Forbidden", "The key is valid, but lacks the role that the call needs."),
  OVER_SUPPORT_LIMIT(
      403,
      "Over support limit",
      "The order's refunds would be over limit, which is the most that the role support may refund of one order. The"
          + " role operator has no limit. Nothing was changed."),
  NOT_FOUND(404, "Not found", "There is nothing at this address."),
  METHOD_NOT_ALLOWED(
      405,
      "Method not allowed",
      "This address does not support the method; the Allow header lists those it supports."),
  NOT_ACCEPTABLE(406, "Not acceptable", "The response is JSON, which the Accept header excludes."),
  REQUEST_TIMEOUT(408, "Request timeout", "The body did not arrive in time."),
  CONFLICT(409, "Conflict", "The request conflicts with the current state."),
  COUPON_EXISTS(
      409, "Coupon exists", "There is a coupon with this code already. PATCH changes it."),
  COUPON_LIMIT_BELOW_USES(
      409,
      "Coupon limit below uses",
      "More of the coupon's uses than the new limit are reserved or made already. Nothing was changed."),
  DEAD_LETTER_SETTLED(
      409,
      "Dead letter settled",
      "The dead letter has been replayed or discarded; only a waiting one can be."),
  DEAD_LETTER_REPLAYING(
      409,
      "Dead letter replaying",
      "A replay of the dead letter is running and may succeed. Try again within a minute, when it has ended."),
  OPERATION_ENDED(
      409, "Operation ended", "The operation is done, cancelled or failed. Nothing was changed."),
  OPERATION_NOT_CANCELLABLE(
      409,
      "Operation not cancellable",
      "An erasure can be paused, but not cancelled: what is erased can't be had back, and the rest is not to stay."),
  DEAD_LETTER_OF_ERASED_CUSTOMER(
      409,
      "Dead letter of erased customer",
      "The payload belongs to a customer whose personal data was erased since, so it is not stored anew."),
  CONSUMER_BUILT_IN(
      409,
      "Consumer built in",
      "The built-in consumers read together and can't be paused one by one; those that the shop has added can."),
  ORDER_ALREADY_CANCELLED(
      409, "Order already cancelled", "The order was cancelled before. Nothing was changed."),
  ORDER_HAS_RETURNS(
      409,
      "Order has returns",
      "Some of the order has been returned, so it can't be cancelled; return the rest."),
  NOTHING_LEFT_TO_RETURN(
      409,
      "Nothing left to return",
      "More is to be returned than is left. remaining lists what can be. Nothing was changed."),
  REFUND_OVER_TOTAL(
      409,
      "Refund over total",
      "No more can be refunded than was paid; maximum is what is left. Nothing was changed."),
  REFUND_SETTLED(
      409,
      "Refund settled",
      "The refund was reported as settled under another reference, or nothing is to be refunded."),
  PRECONDITION_FAILED(
      412,
      "Precondition failed",
      "The order, or the dead letter's payload, has changed since the version of If-Match. Look at it again."
          + " Nothing was changed."),
  BODY_TOO_LARGE(413, "Body too large", "The body is larger than 1 MiB."),
  UNSUPPORTED_MEDIA_TYPE(
      415,
      "Unsupported media type",
      "The body must be application/json in UTF-8, without a Content-Encoding other than gzip."),
  INVALID_BODY(
      422,
      "Invalid body",
      "The body is JSON, but breaks rules. errors lists each violation with a JSON Pointer to its place."),
  IDEMPOTENCY_KEY_REUSED(
      422,
      "Idempotency key reused",
      "The Idempotency-Key stands for other content. Use a new key for a new request."),
  COUPON_NOT_REDEEMABLE(
      422,
      "Coupon not redeemable",
      "The order's coupon can't be used for it. reason is one of UNKNOWN, NOT_STARTED, EXPIRED, EXHAUSTED,"
          + " OTHER_CUSTOMER, CUSTOMER_LIMIT, BELOW_MINIMUM, OTHER_CURRENCY and DISABLED. Nothing was saved."),
  PRECONDITION_REQUIRED(
      428,
      "Precondition required",
      "The call needs If-Match with the ETag of what it changes, so that it overwrites nothing unseen."),
  TOO_MANY_WRONG_KEYS(
      429,
      "Too many wrong keys",
      "Too many wrong keys have come from this address. Use the right one, which always works, or try again after"
          + " Retry-After seconds."),
  INTERNAL(
      500,
      "Internal error",
      "The server failed; its log has the cause under the requestId. Sending the request again is safe with an"
          + " Idempotency-Key."),
  OVERLOADED(
      503,
      "Overloaded",
      "More requests are waiting than can be handled. Try again after Retry-After seconds."),
  UNAVAILABLE(
      503,
      "Unavailable",
      "The database, or the authorization server whose keys validate access tokens, is not available. Try again"
          + " after Retry-After seconds."),
  NOT_READY(
      503, "Not ready", "Orderflow is starting or stopping. Try again after Retry-After seconds.");

  private final int status;
  private final String title;
  private final String meaning;

  ProblemType(int status, String title, String meaning) {
    this.status = status;
    this.title = title;
    this.meaning = meaning;
  }

  /** The HTTP status of its responses. */
  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  /** What it means and what to do, in a sentence or two. */
  public String meaning() {
    return meaning;
  }

  /** The last part of the type's address: {@code coupon-exists}. */
  public String slug() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<ProblemType> ofSlug(String slug) {
    return Arrays.stream(values()).filter(type -> type.slug().equals(slug)).findFirst();
  }

  /** The type for a status that the HTTP server chose: 501 and 505 are the request's fault, too. */
  static ProblemType ofStatus(int status) {
    return Arrays.stream(values())
        .filter(type -> type.status == status)
        .findFirst()
        .orElse(MALFORMED_REQUEST);
  }
}
