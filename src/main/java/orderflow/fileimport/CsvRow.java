package orderflow.fileimport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A CSV row with its fields.
 *
 * @param fields as far as they could be read, and no more than there are columns
 * @param count how many there are
 * @param fault what is wrong with the row as a row, or null if nothing is
 */
record CsvRow(SourceRow row, List<String> fields, int count, @Nullable String fault) {

  private static final CsvFactory CSV =
      CsvFactory.builder().enable(CsvParser.Feature.WRAP_AS_ARRAY).build();

  /** Reads a row of a file of so many columns. */
  static CsvRow of(SourceRow row, int columns) {
    CsvRow read = fieldsOf(row, columns);
    return read.fault != null || read.count == columns
        ? read
        : new CsvRow(
            row,
            read.fields,
            read.count,
            "has " + read.count + " fields where the header has " + columns);
  }

  /** Reads a row, and keeps no more than so many of its fields. */
  static CsvRow fieldsOf(SourceRow row, int most) {
    List<String> fields = new ArrayList<>(Math.min(16, most));
    if (row.tooLong()) {
      return new CsvRow(row, fields, 0, "is longer than " + SourceRow.LONGEST + " bytes");
    }
    String text = row.text();
    if (!row.closed()) {
      return new CsvRow(row, fields, 0, "has a quote that is never closed");
    }
    if (text.indexOf('"') < 0) {
      int count = unquoted(text, fields, most);
      return new CsvRow(row, fields, count, null);
    }
    int count = 0;
    try (CsvParser parser = CSV.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_STRING) {
          if (count++ < most) {
            fields.add(parser.getText());
          }
        }
      }
      return new CsvRow(row, fields, count, null);
    } catch (JsonProcessingException e) {
      return new CsvRow(row, fields, count, "has text after a closing quote");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without quotes there is nothing to parse, and most rows have none. */
  private static int unquoted(String text, List<String> fields, int most) {
    int count = 1;
    int start = 0;
    for (int end = text.indexOf(','); end >= 0; end = text.indexOf(',', start)) {
      if (count++ <= most) {
        fields.add(text.substring(start, end));
      }
      start = end + 1;
    }
    if (count <= most) {
      fields.add(text.substring(start));
    }
    return count;
  }

  boolean isBroken() {
    return fault != null;
  }

  /** A field; empty where the row has none. */
  String field(int index) {
    return index < fields.size() ? fields.get(index) : "";
  }

  /**
   * How many of the row's bytes come before the line number and the fault that an earlier import
   * has added. In a broken row they are what is written as that writes them, if anything is.
   */
  int lengthWithoutFault() {
    byte[] bytes = row.bytes();
    if (isBroken()) {
      return lengthWithoutFault(bytes);
    }
    int end = bytes.length;
    boolean quoted = false;
    for (int left = 2; left > 0 && end > 0; ) {
      end--;
      quoted ^= bytes[end] == '"';
      left -= bytes[end] == ',' && !quoted ? 1 : 0;
    }
    return end;
  }

  /** What begins with a comma, digits, a comma and a quote, and ends with the next lone quote. */
  private static int lengthWithoutFault(byte[] bytes) {
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
    return digits > 0 && digits < quote - 1 && bytes[quote - 1] == ',' && bytes[digits - 1] == ','
        ? digits - 1
        : bytes.length;
  }

  /**
   * Whether a value stands somewhere in the row, whose fields may be shifted, or be several rows in
   * one.
   */
  boolean mentions(String value) {
    if (value.isEmpty()) {
      return false;
    }
    byte[] sought = value.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = row.bytes();
    int start = 0;
    for (int end = 0; end <= bytes.length; end++) {
      if (end == bytes.length || isSeparator(bytes[end])) {
        if (end - start == sought.length
            && Arrays.equals(bytes, start, end, sought, 0, sought.length)) {
          return true;
        }
        start = end + 1;
      }
    }
    return false;
  }

  private static boolean isSeparator(byte b) {
    return b == ',' || b == '"' || b == '\r' || b == '\n';
  }
}
