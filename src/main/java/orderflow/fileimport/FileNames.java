package orderflow.fileimport;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/** Names of files as text. */
final class FileNames {

  /** What file systems allow a name, in bytes. */
  private static final int LONGEST = 255;

  private FileNames() {}

  /**
   * A file's name. Bytes that are no text in the locale's encoding are written as in a URI, so that
   * two files never have the same name.
   */
  static String of(Path file) {
    String name = String.valueOf(file.getFileName());
    try {
      if (file.resolveSibling(name).equals(file)) {
        return name;
      }
    } catch (InvalidPathException e) {
      // it can't be expressed
    }
    String path = file.toUri().getRawPath();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** A text as it may stand in a line of the log: control characters and the like are escaped. */
  static String shown(Object text) {
    String raw = String.valueOf(text);
    StringBuilder shown = new StringBuilder(raw.length());
    raw.codePoints()
        .forEach(
            c -> {
              switch (Character.getType(c)) {
                case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    shown.append(escaped(c));
                default -> shown.appendCodePoint(c);
              }
            });
    return shown.toString();
  }

  private static String escaped(int c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format(Locale.ROOT, "\\u%04x", c);
    };
  }

  /** The name with an ending; its own end is cut where both are too long for a file system. */
  static String withEnding(String name, String ending) {
    return cut(name, LONGEST - ending.getBytes(StandardCharsets.UTF_8).length) + ending;
  }

  /**
   * The name with a suffix, short enough for any of the endings to follow it without cutting the
   * suffix.
   */
  static String withSuffix(String name, String suffix, String... endings) {
    int longest = 0;
    for (String ending : endings) {
      longest = Math.max(longest, ending.length());
    }
    return cut(name, LONGEST - suffix.length() - longest) + suffix;
  }

  private static String cut(String name, int bytes) {
    String start = name;
    while (start.getBytes(StandardCharsets.UTF_8).length > bytes) {
      start = start.substring(0, start.offsetByCodePoints(start.length(), -1));
    }
    return start;
  }
}
