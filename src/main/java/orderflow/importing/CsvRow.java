package orderflow.importing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A CSV row with its fields.
 *
 * @param fields as far as they could be read
 * @param fault what is wrong with the row as a row, or null if nothing is
 */
record CsvRow(Row row, List<String> fields, @Nullable String fault) {

  private static final CsvFactory CSV =
      CsvFactory.builder().enable(CsvParser.Feature.WRAP_AS_ARRAY).build();

  static CsvRow of(Row row) {
    List<String> fields = new ArrayList<>(16);
    if (row.tooLong()) {
      return new CsvRow(row, fields, "is longer than " + Row.LONGEST + " bytes");
    }
    String text = row.text();
    if (!row.closed()) {
      return new CsvRow(row, fields, "has a quote that is never closed");
    }
    if (text.indexOf('"') < 0) {
      return new CsvRow(row, unquoted(text, fields), null);
    }
    try (CsvParser parser = CSV.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_STRING) {
          fields.add(parser.getText());
        }
      }
      return new CsvRow(row, fields, null);
    } catch (JsonProcessingException e) {
      return new CsvRow(row, fields, "has text after a closing quote");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without quotes there is nothing to parse, and most rows have none. */
  private static List<String> unquoted(String text, List<String> fields) {
    int start = 0;
    for (int end = text.indexOf(','); end >= 0; end = text.indexOf(',', start)) {
      fields.add(text.substring(start, end));
      start = end + 1;
    }
    fields.add(text.substring(start));
    return fields;
  }

  CsvRow orFault(int columns) {
    return fault != null || fields.size() == columns
        ? this
        : new CsvRow(
            row, fields, "has " + fields.size() + " fields where the header has " + columns);
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
    return !value.isEmpty() && Arrays.asList(row.text().split("[,\"\r\n]")).contains(value);
  }
}
