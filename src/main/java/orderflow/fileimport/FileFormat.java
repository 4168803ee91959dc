package orderflow.fileimport;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a file's name says about its content. */
record FileFormat(Content content, Wrapping wrapping) {

  enum Content {
    /** RFC 4180 and its relatives, an item a row. */
    ROWS("csv", ".csv", ".tsv", ".txt"),
    /** A workbook, an item a row of its first sheet. */
    XLSX("csv", ".xlsx"),
    /** An order a line. */
    JSONL("jsonl", ".jsonl", ".ndjson"),
    /** One order or a list of them. */
    JSON("jsonl", ".json"),
    /** The name of the one file inside says it. */
    ZIPPED("csv"),
    /** No orders. */
    OTHER("csv");

    /** The ending of the file of what was refused. */
    final String rejectedEnding;

    private final List<String> endings;

    Content(String rejectedEnding, String... endings) {
      this.rejectedEnding = rejectedEnding;
      this.endings = List.of(endings);
    }

    /** Its name as clients see it. */
    String kind() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Content ofKind(String kind) {
      return valueOf(kind.toUpperCase(Locale.ROOT));
    }

    static Content of(String name) {
      String lower = name.toLowerCase(Locale.ROOT);
      for (Content content : values()) {
        if (content.endings.stream().anyMatch(lower::endsWith)) {
          return content;
        }
      }
      return OTHER;
    }
  }

  enum Wrapping {
    NONE,
    GZIP,
    ZIP
  }

  /** The endings of the files that are imported. */
  static final String ENDINGS =
      ".csv, .tsv, .txt, .xlsx, .jsonl, .ndjson, .json, their .gz and .zip";

  /** Where in a name the ending begins that gives the format. */
  static int endingOf(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    int end =
        lower.endsWith(".gz")
            ? name.length() - 3
            : lower.endsWith(".zip") ? name.length() - 4 : name.length();
    int ending = Math.max(0, name.lastIndexOf('.', end - 1));
    return lower.endsWith(".zip") && Content.of(name.substring(0, end)) == Content.OTHER
        ? end
        : ending;
  }

  /**
   * The format of a file of this name, or null if such a file is left alone: one that is being
   * written, or that a program keeps for itself while it has another one open.
   */
  static @Nullable FileFormat of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith(".")
        || lower.startsWith("~$")
        || lower.endsWith(".part")
        || lower.endsWith(".tmp")) {
      return null;
    }
    if (lower.endsWith(".zip")) {
      return new FileFormat(Content.ZIPPED, Wrapping.ZIP);
    }
    return lower.endsWith(".gz")
        ? new FileFormat(Content.of(lower.substring(0, lower.length() - 3)), Wrapping.GZIP)
        : new FileFormat(Content.of(lower), Wrapping.NONE);
  }

  /** Whether it is one that orders are imported from. */
  boolean isImported() {
    return content != Content.OTHER;
  }

  /** Whether its end can't be seen in its last byte, and it says more than its size. */
  boolean isPacked() {
    return wrapping != Wrapping.NONE || content == Content.XLSX;
  }
}
