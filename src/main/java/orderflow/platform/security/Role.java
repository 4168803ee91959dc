package orderflow.platform.security;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a caller may do. */
public enum Role {
  /** Places orders and looks at what became of them. */
  ORDERS,
  /** Makes coupons known and looks at them. */
  COUPONS,
  /** Everything: dead letters and mails once more, people's data shown and erased. */
  OPERATOR;

  /**
   * The role that a call needs. What is not named here is the operators' alone.
   *
   * @param path as its route has it, with its variables' names
   */
  public static Role neededFor(String method, String path) {
    return switch (method + " " + path) {
      case "POST /api/orders",
          "GET /api/orders",
          "GET /api/orders/{orderId}",
          "GET /api/customers/{customerId}/points",
          "GET /api/imports",
          "GET /api/imports/{id}",
          "GET /api/dead-letters",
          "GET /api/dead-letters/{id}" ->
          ORDERS;
      case "POST /api/coupons", "GET /api/coupons/{code}" -> COUPONS;
      default -> OPERATOR;
    };
  }

  /** The role as files of keys and access tokens write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Role> of(String word) {
    return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
  }
}
