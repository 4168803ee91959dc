package orderflow.fileimport;

import java.util.Locale;

/** What the entries of a file are; the beginning of its name says it. */
enum FileSubject {
  ORDERS("an order", "orders", RowLayout.ORDERS),
  RETURNS("a return", "returns", RowLayout.RETURNS),
  CANCELLATIONS("a cancellation", "cancellations", RowLayout.CANCELLATIONS);

  private final String one;
  private final String many;
  private final RowLayout layout;

  FileSubject(String one, String many, RowLayout layout) {
    this.one = one;
    this.many = many;
    this.layout = layout;
  }

  /** By a file's name, in any case. Whatever is called nothing else holds orders. */
  static FileSubject of(String fileName) {
    String lower = fileName.toLowerCase(Locale.ROOT);
    return lower.startsWith(RETURNS.many)
        ? RETURNS
        : lower.startsWith(CANCELLATIONS.many) ? CANCELLATIONS : ORDERS;
  }

  /** One of them, with its article. */
  String one() {
    return one;
  }

  /** One of them, without an article. */
  String noun() {
    return one.substring(one.indexOf(' ') + 1);
  }

  String many() {
    return many;
  }

  /** Its columns in a file of rows. */
  RowLayout layout() {
    return layout;
  }
}
