package orderflow.fileimport;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a file's header has our columns, or those that a profile takes for ours. */
final class CsvHeader {

  /** Stands for any value by which orders are passed over. */
  private static final String ANY = "*";

  /** A column of a profile, and the values by which orders are passed over. */
  private record Skipped(int index, Set<String> values) {}

  private final FileSubject subject;
  private final List<String> header;
  private final int last;
  private final @Nullable String profile;
  private final Map<String, int[]> places;
  private final Map<String, String> constants;
  private final List<Skipped> skipped = new ArrayList<>();

  /**
   * Columns as the header names them, in any order. Those that begin with {@code _} are passed
   * over, and nameless ones where no other column follows.
   *
   * @param line on which the header stands
   * @param profiles other systems' columns, by the profile's name
   * @throws UnreadableFile if one is unknown, missing or there twice
   */
  CsvHeader(
      FileSubject subject,
      List<String> header,
      long line,
      char delimiter,
      Map<String, Profile> profiles) {
    this.subject = subject;
    Map<String, String> known = subject.layout().names();
    Map<String, int[]> ours = new HashMap<>();
    Map<String, Integer> theirs = new HashMap<>();
    Set<String> twice = new TreeSet<>();
    List<String> unknown = new ArrayList<>();
    last = lastNamed(header);
    for (int i = 0; i < header.size(); i++) {
      String name = header.get(i);
      if (name.startsWith("_")) {
        continue;
      }
      theirs.putIfAbsent(ColumnNames.compared(name), i);
      String our = known.get(ColumnNames.compared(name));
      if (our == null) {
        if (i <= last) {
          unknown.add(name.isEmpty() ? "(column " + (i + 1) + ", which has no name)" : name);
        }
      } else if (ours.putIfAbsent(our, new int[] {i}) != null) {
        twice.add(name);
      }
    }
    Set<String> missing = subject.layout().missing(ours.keySet());

    Map.Entry<String, Profile> taken =
        unknown.isEmpty() && missing.isEmpty() ? null : fitting(theirs.keySet(), profiles);
    if (taken != null) {
      ours.clear();
      Profile other = taken.getValue();
      other.columns().forEach((our, names) -> ours.put(our, indices(names, theirs)));
      other
          .skip()
          .forEach((name, values) -> addSkipped(theirs.get(ColumnNames.compared(name)), values));
      unknown.clear();
      missing.clear();
      twice.clear();
    }
    List<String> faults = new ArrayList<>();
    ColumnNames.addFault(faults, unknown, "unknown");
    ColumnNames.addFault(faults, missing, "missing");
    ColumnNames.addFault(faults, twice, "there twice");
    if (!faults.isEmpty()) {
      throw new UnreadableFile(
          "Line "
              + line
              + ", the header row, can't be used: "
              + String.join("; ", faults)
              + ". Correct the header (columns are separated by "
              + named(delimiter)
              + ") and drop the file again.");
    }
    this.header = header;
    profile = taken == null ? null : taken.getKey();
    places = ours;
    constants = taken == null ? Map.of() : taken.getValue().constants();
  }

  /** The profile whose columns are all there, and if several are, the one with the most. */
  private static Map.@Nullable Entry<String, Profile> fitting(
      Set<String> header, Map<String, Profile> profiles) {
    Map.Entry<String, Profile> fitting = null;
    for (Map.Entry<String, Profile> each : profiles.entrySet()) {
      Profile profile = each.getValue();
      boolean fits =
          Stream.concat(
                  profile.columns().values().stream().flatMap(List::stream),
                  profile.skip().keySet().stream())
              .filter(name -> !profile.optional().contains(name))
              .allMatch(name -> header.contains(ColumnNames.compared(name)));
      if (fits
          && (fitting == null || profile.columns().size() > fitting.getValue().columns().size())) {
        fitting = each;
      }
    }
    return fitting;
  }

  private static int[] indices(List<String> names, Map<String, Integer> header) {
    return names.stream()
        .map(name -> header.get(ColumnNames.compared(name)))
        .filter(Objects::nonNull)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private void addSkipped(@Nullable Integer index, List<String> values) {
    if (index != null) {
      skipped.add(
          new Skipped(
              index,
              values.stream().map(v -> v.toLowerCase(Locale.ROOT)).collect(Collectors.toSet())));
    }
  }

  /** The last column of the file's own that has a name. */
  private static int lastNamed(List<String> header) {
    int last = header.size() - 1;
    while (last >= 0 && (header.get(last).isEmpty() || header.get(last).startsWith("_"))) {
      last--;
    }
    return last;
  }

  private static String named(char delimiter) {
    return switch (delimiter) {
      case ',' -> "commas";
      case ';' -> "semicolons";
      case '\t' -> "tabs";
      default -> "'" + delimiter + "'";
    };
  }

  /** What the columns are of. */
  FileSubject subject() {
    return subject;
  }

  /** The name of the profile that was taken, or null if the columns are ours. */
  @Nullable String profile() {
    return profile;
  }

  int count() {
    return header.size();
  }

  /** Where the entries' references stand, or -1. */
  int reference() {
    int[] references = places.getOrDefault(subject.layout().reference(), new int[0]);
    return references.length == 0 ? -1 : references[0];
  }

  /** Where the line and the fault stand that an earlier import has added, or -1. */
  int added() {
    for (int i = last + 1; i + 1 < header.size(); i++) {
      boolean ends = header.subList(i + 2, header.size()).stream().allMatch(String::isEmpty);
      if (header.get(i).equals("_line") && header.get(i + 1).equals("_error") && ends) {
        return i;
      }
    }
    return -1;
  }

  /** The columns without a name, which must be empty; a profile passes them over. */
  List<Integer> unnamed() {
    return profile == null ? where(String::isEmpty) : List.of();
  }

  Set<Integer> passedOver() {
    return Set.copyOf(where(name -> name.startsWith("_")));
  }

  private List<Integer> where(Predicate<String> name) {
    return IntStream.range(0, header.size()).filter(i -> name.test(header.get(i))).boxed().toList();
  }

  /** Those of some columns that the file has. */
  List<CsvColumn> columns(Map<String, String> pointers) {
    return CsvColumn.of(places, constants, pointers);
  }

  /** Whether an order is passed over, by the first of its rows. */
  boolean skips(CsvRow first) {
    for (Skipped column : skipped) {
      String value = first.field(column.index).toLowerCase(Locale.ROOT);
      if (column.values.contains(value) || !value.isEmpty() && column.values.contains(ANY)) {
        return true;
      }
    }
    return false;
  }
}
