package orderflow.mail;

import java.util.UUID;

/**
 * What a mail is about. It is stored by its name; a return receipt's has the version of the order
 * behind it, {@code RETURN_RECEIPT/3}, because an order can have several.
 */
enum MailKind {
  CONFIRMATION("order-confirmation", ""),
  ORDER_CANCELLED("order-cancelled", "-cancelled"),
  RETURN_RECEIPT("return-receipt", "-returned-");

  private final String templates;
  private final String idSuffix;

  MailKind(String templates, String idSuffix) {
    this.templates = templates;
    this.idSuffix = idSuffix;
  }

  /**
   * The kind that is stored so.
   *
   * @throws IllegalArgumentException if there is none
   */
  static MailKind of(String stored) {
    return valueOf(stored.split("/", 2)[0]);
  }

  /** The beginning of its templates' names. */
  String templates() {
    return templates;
  }

  /** The part of a mail's Message-ID before the @, which is the same for each attempt. */
  static String idOf(UUID orderId, String stored) {
    int version = stored.indexOf('/') + 1;
    return "order-"
        + orderId
        + of(stored).idSuffix
        + (version == 0 ? "" : stored.substring(version));
  }
}
