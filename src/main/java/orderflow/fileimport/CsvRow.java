package orderflow.fileimport;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row with its fields, without the blanks round them.
 *
 * @param fields as far as they could be read, and no more than there are columns; of a broken row
 *     what they seem to be
 * @param count how many there are
 * @param fault what is wrong with the row as a row, or null if nothing is
 */
record CsvRow(SourceRow row, List<String> fields, int count, @Nullable String fault) {

  private static final char MARK = '\uFEFF';

  /** How much of a broken row is looked at for what its fields seem to be. */
  private static final int LOOKED_AT = 4096;

  /** Reads a row, and keeps no more than so many of its fields. */
  static CsvRow of(SourceRow row, char delimiter, int most) {
    if (row.tooLong()) {
      return row.isBlank(delimiter)
          ? new CsvRow(row, List.of(), 0, null)
          : broken(row, delimiter, most, "is longer than " + SourceRow.LONGEST + " bytes");
    }
    if (!row.closed()) {
      return broken(row, delimiter, most, "has a quote that is never closed");
    }
    List<String> fields = new ArrayList<>(Math.min(16, most));
    int count = split(row.text(), delimiter, most, fields);
    return count < 0
        ? broken(row, delimiter, most, "has text after a closing quote")
        : new CsvRow(row, fields, count, null);
  }

  CsvRow withFault(String why) {
    return new CsvRow(row, fields, count, why);
  }

  private static CsvRow broken(SourceRow row, char delimiter, int most, String fault) {
    byte[] bytes = row.bytes();
    String start =
        new String(bytes, 0, Math.min(bytes.length, LOOKED_AT), StandardCharsets.UTF_8)
            .replace("\"", "");
    List<String> fields = new ArrayList<>();
    int count = split(start, delimiter, most, fields);
    return new CsvRow(row, fields, count, fault);
  }

  /**
   * Splits a row whose quotes are closed.
   *
   * @return how many fields there are, or -1 if text follows a closing quote
   */
  private static int split(String text, char delimiter, int most, List<String> fields) {
    int count = 0;
    int at = 0;
    while (true) {
      int quote = at;
      while (quote < text.length() && isSpace(text.charAt(quote), delimiter)) {
        quote++;
      }
      String field;
      if (quote < text.length() && text.charAt(quote) == '"') {
        int closing = closing(text, quote);
        field = text.substring(quote + 1, closing).replace("\"\"", "\"");
        at = closing + 1;
        while (at < text.length() && isSpace(text.charAt(at), delimiter)) {
          at++;
        }
        if (at < text.length() && text.charAt(at) != delimiter) {
          return -1;
        }
        field = stripped(field, 0, field.length());
      } else {
        int end = text.indexOf(delimiter, at);
        end = end < 0 ? text.length() : end;
        field = count < most ? stripped(text, at, end) : "";
        at = end;
      }
      if (count++ < most) {
        fields.add(field);
      }
      if (at == text.length()) {
        return count;
      }
      at++;
    }
  }

  private static int closing(String text, int opening) {
    int quote = text.indexOf('"', opening + 1);
    while (quote >= 0 && quote + 1 < text.length() && text.charAt(quote + 1) == '"') {
      quote = text.indexOf('"', quote + 2);
    }
    return quote < 0 ? text.length() : quote;
  }

  private static boolean isSpace(char c, char delimiter) {
    return (c == ' ' || c == '\t') && c != delimiter;
  }

  private static String stripped(String text, int from, int to) {
    int start = from;
    int end = to;
    while (start < end && isBlank(text.charAt(start))) {
      start++;
    }
    while (start < end && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /** Blanks of all scripts, line ends, and the mark that some programs put before each text. */
  static boolean isBlank(char c) {
    return c <= ' '
        ? c == ' ' || c == '\t' || c == '\r' || c == '\n'
        : c > '~' && (Character.isSpaceChar(c) || c == MARK);
  }

  boolean isBroken() {
    return fault != null;
  }

  /** Whether nothing stands in any of its fields. */
  boolean isEmpty(char delimiter) {
    return !isBroken() && fields.stream().allMatch(String::isEmpty) && isBlankBeyond(delimiter);
  }

  /** Whether nothing stands in the fields that were not kept. */
  boolean isBlankBeyond(char delimiter) {
    return count <= fields.size() || row.isBlank(delimiter);
  }

  /** A field; empty where the row has none. */
  String field(int index) {
    return index < fields.size() ? fields.get(index) : "";
  }

  /**
   * How many of the row's bytes come before the line number and the fault that an earlier import
   * has added. In a broken row they are what is written as that writes them, if anything is.
   *
   * @param before the number of fields before these
   */
  int lengthWithoutFault(char delimiter, int before) {
    byte[] bytes = row.bytes();
    if (isBroken()) {
      return lengthWithoutFault(bytes, delimiter);
    }
    boolean quoted = false;
    int left = before;
    for (int i = 0; i < bytes.length; i++) {
      quoted ^= bytes[i] == '"';
      if (bytes[i] == delimiter && !quoted && --left == 0) {
        return i;
      }
    }
    return bytes.length;
  }

  /** What begins with a delimiter, digits, a delimiter and a quote, and ends with the next one. */
  private static int lengthWithoutFault(byte[] bytes, char delimiter) {
    int quote = bytes.length - 1;
    if (quote < 0 || bytes[quote] != '"') {
      return bytes.length;
    }
    for (quote--; quote > 0 && !(bytes[quote] == '"' && bytes[quote - 1] != '"'); quote--) {
      quote -= bytes[quote] == '"' ? 1 : 0;
    }
    int digits = quote - 1;
    while (digits > 1 && Character.isDigit(bytes[digits - 1])) {
      digits--;
    }
    return digits > 0
            && digits < quote - 1
            && bytes[quote - 1] == delimiter
            && bytes[digits - 1] == delimiter
        ? digits - 1
        : bytes.length;
  }

  /**
   * Whether a value stands somewhere in the row, whose fields may be shifted, or be several rows in
   * one.
   */
  boolean mentions(String value, char delimiter) {
    if (value.isEmpty()) {
      return false;
    }
    byte[] sought = value.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = row.bytes();
    int start = 0;
    for (int end = 0; end <= bytes.length; end++) {
      if (end == bytes.length || isSeparator(bytes[end], delimiter)) {
        if (end - start == sought.length
            && Arrays.equals(bytes, start, end, sought, 0, sought.length)) {
          return true;
        }
        start = end + 1;
      }
    }
    return false;
  }

  private static boolean isSeparator(byte b, char delimiter) {
    return b == delimiter || b == '"' || b == '\r' || b == '\n' || b == ' ' || b == '\t';
  }
}
