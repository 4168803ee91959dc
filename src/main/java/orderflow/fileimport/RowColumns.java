package orderflow.fileimport;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import orderflow.order.OrderRules;
import orderflow.platform.json.Violation;
import org.jspecify.annotations.Nullable;

/** The entries that a file's rows make, by the columns of its header. */
final class RowColumns {

  /** Columns that a header may have, which are those that a spreadsheet may have. */
  static final int MOST = 16_384;

  private static final Pattern WHOLE_NUMBER = Pattern.compile("(0|-?[1-9][0-9]{0,8})(\\.0+)?");

  /** What a spreadsheet shows of a formula that fails. */
  private static final Set<String> FAILED =
      Set.of("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!");

  private final CsvHeader header;
  private final FileSubject subject;
  private final RowLayout layout;
  private final int count;
  private final int reference;
  private final List<Integer> unnamed;
  private final Set<Integer> passedOver;
  private final List<CsvColumn> ofEntry;
  private final List<CsvColumn> ofItem;
  private final List<CsvColumn> ofOwner;
  private final CsvAmounts amounts;
  private final @Nullable CsvColumn currency;

  RowColumns(CsvHeader header) {
    this.header = header;
    subject = header.subject();
    layout = subject.layout();
    count = header.count();
    reference = header.reference();
    unnamed = header.unnamed();
    passedOver = header.passedOver();
    ofEntry = header.columns(layout.ofEntry());
    ofItem = header.columns(layout.ofItem());
    amounts = new CsvAmounts(header);
    ofOwner = ofEntry.stream().filter(c -> layout.owner().contains(c.name())).toList();
    currency = ofEntry.stream().filter(c -> c.name().equals("currency")).findFirst().orElse(null);
  }

  /** The name of the profile that was taken, or null if the columns are ours. */
  @Nullable String profile() {
    return header.profile();
  }

  int count() {
    return count;
  }

  /** Where the line and the fault stand that an earlier import has added, or -1. */
  int added() {
    return header.added();
  }

  /** Which entry a row is part of; empty where it does not say. */
  String referenceOf(CsvRow row) {
    return row.field(reference);
  }

  /** Whether a row says nothing. */
  boolean isBlank(CsvRow row, char delimiter) {
    if (row.isBroken()) {
      return false;
    }
    for (int i = 0; i < row.fields().size(); i++) {
      if (!row.fields().get(i).isEmpty() && !passedOver.contains(i)) {
        return false;
      }
    }
    return row.isBlankBeyond(delimiter);
  }

  /** The row, as a broken one if it does not fit below the header. */
  CsvRow checked(CsvRow row) {
    if (row.isBroken()) {
      return row;
    }
    if (row.count() > count) {
      return row.withFault("has " + row.count() + " fields where the header has " + count);
    }
    for (int i : unnamed) {
      if (!row.field(i).isEmpty()) {
        return row.withFault("has a value in column " + (i + 1) + ", which has no name");
      }
    }
    for (int i = 0; i < row.fields().size(); i++) {
      String field = row.fields().get(i);
      if (!field.isEmpty() && field.charAt(0) == '#' && FAILED.contains(field)) {
        return row.withFault("has " + field + " in column " + (i + 1) + ", a formula's failure");
      }
    }
    return row;
  }

  /**
   * Whether a row that names no entry goes on with the one above: it names no customer or order
   * either.
   */
  boolean goesOn(CsvRow row) {
    if (!referenceOf(row).isEmpty()) {
      return false;
    }
    for (CsvColumn column : ofOwner) {
      if (!column.isBlankIn(row)) {
        return false;
      }
    }
    return true;
  }

  /** Whether an order is passed over, by the first of its rows. */
  boolean skips(CsvRow first) {
    return header.skips(first);
  }

  /** The total that the file says an order has, or null if it does not say it. */
  @Nullable String total(CsvRow first) {
    return amounts.total(first);
  }

  /** The JSON of an entry of these rows; an empty field is a missing one. */
  ObjectNode entry(List<CsvRow> rows) {
    ObjectNode entry = JsonNodeFactory.instance.objectNode();
    for (CsvColumn column : ofEntry) {
      String parent = column.parent();
      put(parent.isEmpty() ? entry : entry.withObject(parent), column, rows.get(0));
    }
    amounts.addTo(entry, rows.get(0));
    if (!layout.ofItem().isEmpty()) {
      var items = entry.putArray("items");
      for (CsvRow row : rows) {
        ObjectNode item = items.addObject();
        for (CsvColumn column : ofItem) {
          put(item, column, row);
        }
      }
    }
    return entry;
  }

  /** What is wrong with the rows of one entry as rows: what they disagree in, and their numbers. */
  List<RowFault> faults(List<CsvRow> rows) {
    List<RowFault> faults = new ArrayList<>(0);
    for (CsvColumn column : ofEntry) {
      if (layout.ids().contains(column.name()) && RowNumbers.isExponent(column.of(rows.get(0)))) {
        faults.add(
            ofOrder(
                column.pointer(),
                "is a number that Excel has shortened: give the column the format Text and write"
                    + " the number in full"));
      }
      addDisagreement(faults, column, rows);
    }
    for (CsvColumn column : amounts.columns()) {
      addDisagreement(faults, column, rows);
      addNumberFault(faults, rows, 0, column, column.pointer());
    }
    for (int i = 0; i < rows.size(); i++) {
      for (CsvColumn column : ofItem) {
        if (layout.decimals().contains(column.name())
            || layout.wholeNumbers().contains(column.name())) {
          addNumberFault(faults, rows, i, column, "/items/" + i + column.pointer());
        }
      }
    }
    return faults;
  }

  private void addDisagreement(List<RowFault> faults, CsvColumn column, List<CsvRow> rows) {
    CsvRow differing = rows.size() == 1 ? null : column.differing(rows);
    if (differing != null) {
      faults.add(
          ofOrder(
              column.pointer(),
              "must be the same in all rows of the "
                  + subject.noun()
                  + ", or blank below the first; line "
                  + differing.row().line()
                  + " differs from line "
                  + rows.get(0).row().line()));
    }
  }

  private void addNumberFault(
      List<RowFault> faults, List<CsvRow> rows, int i, CsvColumn column, String pointer) {
    if (column.name().equals(ColumnNames.DISCOUNT_LABEL)) {
      return;
    }
    String text = column.of(rows.get(i));
    boolean whole = layout.wholeNumbers().contains(column.name());
    String fault = RowNumbers.faultOf(text, whole ? 0 : 3);
    if (fault == null && !whole && text.length() > 4 && text.charAt(text.length() - 4) == '.') {
      fault = RowNumbers.faultOf(text, decimals(rows.get(0)));
    }
    if (fault != null) {
      faults.add(Rejection.place(new Violation(pointer, fault), rows.size()));
    }
  }

  private int decimals(CsvRow first) {
    Currency known = currency == null ? null : OrderRules.currency(currency.of(first));
    return known == null ? 2 : known.getDefaultFractionDigits();
  }

  private static RowFault ofOrder(String pointer, String detail) {
    return new RowFault(RowFault.ORDER, new Violation(pointer, detail));
  }

  /** A customer that is known by a phone number has no blanks in it, and a phone no words. */
  private static String adapted(String name, String text) {
    String plain = text.startsWith("'") ? text.substring(1) : text;
    return switch (name) {
      case "customerId" -> plain.replaceAll("\\s", "");
      case "customerPhone" -> OrderRules.PHONE.allows(plain) ? plain : "";
      default -> text;
    };
  }

  private void put(ObjectNode node, CsvColumn column, CsvRow row) {
    String text = column.of(row);
    if (text.isEmpty()) {
      return;
    }
    if (header.profile() != null) {
      text = adapted(column.name(), text);
    }
    if (layout.wholeNumbers().contains(column.name()) && WHOLE_NUMBER.matcher(text).matches()) {
      int point = text.indexOf('.');
      String whole = point < 0 ? text : text.substring(0, point);
      node.set(column.field(), IntNode.valueOf(Integer.parseInt(whole)));
    } else {
      node.set(column.field(), TextNode.valueOf(text));
    }
  }
}
