package orderflow.fileimport;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a file's name says about its content. */
record FileFormat(Content content, boolean gzip) {

  enum Content {
    /** RFC 4180, an item a row. */
    CSV("csv"),
    /** An order a line. */
    JSONL("jsonl"),
    /** One order or a list of them. */
    JSON("jsonl");

    /** The ending of the file of what was refused. */
    final String rejectedEnding;

    Content(String rejectedEnding) {
      this.rejectedEnding = rejectedEnding;
    }
  }

  /** Where in a name the ending begins that gives the format. */
  static int endingOf(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    int end = lower.endsWith(".gz") ? name.length() - 3 : name.length();
    return Math.max(0, name.lastIndexOf('.', end - 1));
  }

  /** The format of a file of this name, or null if it is none to be imported. */
  static @Nullable FileFormat of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    boolean gzip = lower.endsWith(".gz");
    String plain = gzip ? lower.substring(0, lower.length() - 3) : lower;
    for (Content content : Content.values()) {
      String ending = "." + content.name().toLowerCase(Locale.ROOT);
      if (plain.endsWith(ending) && !lower.startsWith(".")) {
        return new FileFormat(content, gzip);
      }
    }
    return null;
  }
}
