package orderflow.fileimport;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import orderflow.platform.json.Violation;

/**
 * Why an order is refused, for each of its rows: the faults of the row and those of the order. What
 * one row says is bounded, and so what is given back grows no faster than what was read.
 */
final class Rejection {

  /** Characters of a row's text. */
  static final int LONGEST = 1_000;

  /** An order has no more items; what is said of the order is not said on each row beyond. */
  private static final int MOST_ROWS = 200;

  private static final int MOST_LINES_NAMED = 5;
  private static final Pattern ITEM = Pattern.compile("/items/(\\d{1,9})(/.*)?");

  private final List<String> texts;
  private final String ofFurtherRows;

  private Rejection(List<String> texts, String ofFurtherRows) {
    this.texts = texts;
    this.ofFurtherRows = ofFurtherRows;
  }

  /** An order that is refused as a whole. */
  static Rejection of(String why) {
    return new Rejection(List.of(), cut(why));
  }

  static Rejection of(List<SourceRow> rows, List<RowFault> faults, FileSubject subject) {
    int count = Math.min(rows.size(), MOST_ROWS);
    List<List<Violation>> ofRows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      ofRows.add(new ArrayList<>());
    }
    SortedSet<Long> lines = new TreeSet<>();
    for (RowFault fault : faults) {
      if (fault.row() == RowFault.ORDER || fault.row() >= rows.size()) {
        ofRows.forEach(ofRow -> ofRow.add(fault.fault()));
      } else {
        lines.add(rows.get(fault.row()).line());
        if (fault.row() < count) {
          ofRows.get(fault.row()).add(fault.fault());
        }
      }
    }
    String ofOthers = "the " + subject.noun() + " is rejected because of " + named(lines);
    List<String> texts = new ArrayList<>(count);
    for (List<Violation> ofRow : ofRows) {
      texts.add(ofRow.isEmpty() ? ofOthers : joined(ofRow));
    }
    return new Rejection(
        texts,
        "is part of the "
            + subject.noun()
            + " on line "
            + rows.get(0).line()
            + ", which is rejected");
  }

  /** Which row of an order of several rows a fault of its JSON is about. */
  static RowFault place(Violation fault, int rows) {
    Matcher item = ITEM.matcher(fault.pointer());
    return new RowFault(
        rows > 1 && item.matches() ? Integer.parseInt(item.group(1)) : RowFault.ORDER, fault);
  }

  /** What is said of a row. */
  String ofRow(int index) {
    return index < texts.size() ? texts.get(index) : ofFurtherRows;
  }

  /** How many characters it adds to so many rows. */
  int size(int rows) {
    int size = 0;
    for (String text : texts) {
      size += text.length();
    }
    return size + Math.max(0, rows - texts.size()) * ofFurtherRows.length();
  }

  private static String named(SortedSet<Long> lines) {
    StringBuilder named = new StringBuilder(lines.size() == 1 ? "line " : "lines ");
    int n = 0;
    for (Long line : lines) {
      if (n == MOST_LINES_NAMED) {
        return named.append(" and ").append(lines.size() - n).append(" more").toString();
      }
      named.append(n++ == 0 ? "" : ", ").append(line);
    }
    return named.toString();
  }

  private static String joined(List<Violation> faults) {
    StringBuilder joined = new StringBuilder();
    for (int i = 0; i < faults.size(); i++) {
      String next = (i == 0 ? "" : "; ") + faults.get(i);
      String more = i + 1 == faults.size() ? "" : "; and " + (faults.size() - i - 1) + " more";
      if (i > 0 && joined.length() + next.length() + more.length() > LONGEST) {
        return joined.append("; and ").append(faults.size() - i).append(" more").toString();
      }
      joined.append(cut(next, LONGEST - more.length()));
    }
    return joined.toString();
  }

  private static String cut(String text) {
    return cut(text, LONGEST);
  }

  private static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = longest - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }
}
