package orderflow.platform.security;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The rights of a caller. */
public enum Role {
  /** Places and reads orders. */
  ORDERS,
  /** Adds, changes and reads coupons. */
  COUPONS,
  /** Everything, including replays, resent mails, and reading and erasing personal data. */
  OPERATOR;

  /**
   * The role that a call needs: OPERATOR for calls that are not listed.
   *
   * @param path the route's, with variables by name
   */
  public static Role neededFor(String method, String path) {
    return switch (method + " " + path) {
      case "POST /api/orders",
          "GET /api/orders",
          "GET /api/orders/{orderId}",
          "GET /api/customers/{customerId}/points",
          "GET /api/imports",
          "GET /api/imports/{id}",
          "GET /api/imports/{id}/rejected",
          "PUT /api/inbox/{file}",
          "GET /api/dead-letters",
          "GET /api/dead-letters/{id}" ->
          ORDERS;
      case "POST /api/coupons",
          "GET /api/coupons",
          "GET /api/coupons/{code}",
          "PATCH /api/coupons/{code}" ->
          COUPONS;
      default -> OPERATOR;
    };
  }

  /** The role's name in key files and access tokens. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Role> of(String word) {
    return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
  }
}
