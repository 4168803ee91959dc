package orderflow.console;

import java.util.ArrayList;
import java.util.List;

/** What differs between two texts, line by line, with a few lines around each change. */
final class LineDiff {

  private static final int CONTEXT = 3;

  /** So many pairs of lines are compared; of longer texts the middle counts as wholly new. */
  private static final int MOST_PAIRS = 4_000_000;

  private LineDiff() {}

  /** What has become of a line. */
  public enum Kind {
    SAME,
    REMOVED,
    ADDED,
    /** Stands for lines that are the same. */
    GAP
  }

  /** A line of either text, or of both. */
  public record Line(Kind kind, String text) {}

  static List<Line> of(List<String> before, List<String> after) {
    int begin = 0;
    int shorter = Math.min(before.size(), after.size());
    while (begin < shorter && before.get(begin).equals(after.get(begin))) {
      begin++;
    }
    int end = 0;
    while (end < shorter - begin
        && before.get(before.size() - 1 - end).equals(after.get(after.size() - 1 - end))) {
      end++;
    }
    List<Line> lines = new ArrayList<>();
    add(lines, Kind.SAME, before.subList(0, begin));
    compare(
        lines,
        before.subList(begin, before.size() - end),
        after.subList(begin, after.size() - end));
    add(lines, Kind.SAME, before.subList(before.size() - end, before.size()));
    return withoutFarOnes(lines);
  }

  /** By the longest common subsequence. */
  private static void compare(List<Line> lines, List<String> before, List<String> after) {
    if ((long) before.size() * after.size() > MOST_PAIRS) {
      add(lines, Kind.REMOVED, before);
      add(lines, Kind.ADDED, after);
      return;
    }
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < before.size() && j < after.size()) {
      if (before.get(i).equals(after.get(j))) {
        lines.add(new Line(Kind.SAME, before.get(i++)));
        j++;
      } else if (common[i + 1][j] >= common[i][j + 1]) {
        lines.add(new Line(Kind.REMOVED, before.get(i++)));
      } else {
        lines.add(new Line(Kind.ADDED, after.get(j++)));
      }
    }
    add(lines, Kind.REMOVED, before.subList(i, before.size()));
    add(lines, Kind.ADDED, after.subList(j, after.size()));
  }

  private static void add(List<Line> lines, Kind kind, List<String> texts) {
    texts.forEach(text -> lines.add(new Line(kind, text)));
  }

  private static List<Line> withoutFarOnes(List<Line> lines) {
    boolean[] near = new boolean[lines.size()];
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).kind() != Kind.SAME) {
        for (int k = Math.max(0, i - CONTEXT); k <= Math.min(near.length - 1, i + CONTEXT); k++) {
          near[k] = true;
        }
      }
    }
    List<Line> shown = new ArrayList<>();
    for (int i = 0; i < near.length; i++) {
      if (near[i]) {
        shown.add(lines.get(i));
      } else if (i == 0 || near[i - 1]) {
        shown.add(new Line(Kind.GAP, "…"));
      }
    }
    return shown;
  }
}
