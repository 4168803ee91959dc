package orderflow.platform.security;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The rights of a caller. */
public enum Role {
  /** Places and reads orders. */
  ORDERS,
  /** Adds, changes and reads coupons. */
  COUPONS,
  /** Cancels orders and takes returns, up to a limit, and reads what {@link #ORDERS} reads. */
  SUPPORT,
  /** Everything, including replays, resent mails, and reading and erasing personal data. */
  OPERATOR;

  /**
   * The roles of which a call needs one; OPERATOR, which may do everything, is named only where no
   * other is: for calls that are not listed.
   *
   * @param path the route's, with variables by name
   */
  public static List<Role> neededFor(String method, String path) {
    return switch (method + " " + path) {
      case "POST /api/orders", "PUT /api/inbox/{file}" -> List.of(ORDERS);
      case "GET /api/orders",
          "GET /api/orders/{orderId}",
          "GET /api/orders/{orderId}/timeline",
          "GET /api/orders/{orderId}/reversals",
          "POST /api/orders/{orderId}/reversals/preview",
          "GET /api/reversals",
          "GET /api/reversals/{id}",
          "GET /api/needs-attention",
          "GET /api/customers/{customerId}/points",
          "GET /api/customers/{customerId}/points/ledger",
          "GET /api/imports",
          "GET /api/imports/{id}",
          "GET /api/imports/{id}/rejected",
          "GET /api/dead-letters",
          "GET /api/dead-letters/{id}" ->
          List.of(ORDERS, SUPPORT);
      case "POST /api/coupons",
          "GET /api/coupons",
          "GET /api/coupons/{code}",
          "PATCH /api/coupons/{code}" ->
          List.of(COUPONS);
      case "POST /api/orders/{orderId}/cancel",
          "POST /api/orders/{orderId}/returns",
          "POST /api/orders/{orderId}/goodwill",
          "POST /api/reversals/{id}/refund" ->
          List.of(SUPPORT);
      default -> List.of(OPERATOR);
    };
  }

  /** The roles' names, as a call's needs are written: {@code orders, support}. */
  public static String words(List<Role> roles) {
    return roles.stream().map(Role::word).collect(Collectors.joining(", "));
  }

  /** The names of all roles. */
  static String words() {
    return words(List.of(values()));
  }

  /** The role's name in key files and access tokens. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Role> of(String word) {
    return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
  }
}
