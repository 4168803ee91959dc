package orderflow.fileimport;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of our columns in a file.
 *
 * @param indices its places in a row, of which the first that is filled counts
 * @param constant what stands for it where all of them are empty
 */
@SuppressWarnings("ArrayRecordComponent")
record CsvColumn(
    String name, int[] indices, String constant, String parent, String field, String pointer) {

  String of(CsvRow row) {
    for (int index : indices) {
      String value = row.field(index);
      if (!value.isEmpty()) {
        return value;
      }
    }
    return constant;
  }

  boolean isBlankIn(CsvRow row) {
    for (int index : indices) {
      if (!row.field(index).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** The first of some rows that says something else than the first row, or null. */
  @Nullable CsvRow differing(List<CsvRow> rows) {
    for (int index : indices) {
      String value = rows.get(0).field(index);
      for (int i = 1; i < rows.size(); i++) {
        String other = rows.get(i).field(index);
        if (!other.isEmpty() && !other.equals(value)) {
          return rows.get(i);
        }
      }
    }
    return null;
  }

  /** The columns that a file has, or has a constant for. */
  static List<CsvColumn> of(
      Map<String, int[]> indices, Map<String, String> constants, Map<String, String> pointers) {
    List<CsvColumn> columns = new ArrayList<>();
    pointers.forEach(
        (name, pointer) -> {
          int slash = pointer.lastIndexOf('/');
          int[] places = indices.getOrDefault(name, new int[0]);
          String constant = constants.getOrDefault(name, "");
          if (places.length > 0 || !constant.isEmpty()) {
            columns.add(
                new CsvColumn(
                    name,
                    places,
                    constant,
                    pointer.substring(0, slash),
                    pointer.substring(slash + 1),
                    pointer));
          }
        });
    return columns;
  }
}
