package orderflow.platform.startup;

/** Addresses as they may be shown. */
class Addresses {

  private Addresses() {}

  /** A JDBC URL may carry a password among its options. */
  static String withoutOptions(String jdbcUrl) {
    int options = jdbcUrl.indexOf('?');
    return options < 0 ? jdbcUrl : jdbcUrl.substring(0, options);
  }
}
