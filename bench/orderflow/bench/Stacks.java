package orderflow.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Samples of where threads were: how often each stack, thread first. */
final class Stacks {

  private static final int ROWS = 25;
  private static final Pattern LIBRARY =
      Pattern.compile("(org|com|io|jakarta|freemarker)/[a-z0-9]+(?:(?<=apache)/[a-z0-9]+)?");

  private record Stack(List<String> frames, long samples) {

    /** The thread's name without what counts threads of a kind. */
    String thread() {
      return frames.get(0).replaceAll(" tid=\\d+|[-# :.]+\\d+", "").replaceAll("^\\[|\\]$", "");
    }

    String method() {
      return frames.get(frames.size() - 1);
    }

    /** Whose code it is: that of the innermost frame that is not the JDK's or the system's. */
    String owner() {
      for (int i = frames.size() - 1; i > 0; i--) {
        String frame = frames.get(i);
        Matcher library = LIBRARY.matcher(frame);
        if (library.lookingAt()) {
          return library.group().replace('/', '.');
        }
        if (frame.startsWith("orderflow/")) {
          int last = frame.lastIndexOf('/');
          return frame.substring(0, last).replace('/', '.');
        }
      }
      return "JVM: " + thread();
    }

    /** The innermost of our own methods, which all that it calls is counted for. */
    String ours() {
      for (int i = frames.size() - 1; i > 0; i--) {
        if (frames.get(i).startsWith("orderflow/")) {
          return frames.get(i);
        }
      }
      return "(none)";
    }
  }

  private final List<Stack> stacks;

  private Stacks(List<Stack> stacks) {
    this.stacks = stacks;
  }

  /** Reads what async-profiler calls the collapsed form. */
  static Stacks read(Path file) throws IOException {
    List<Stack> stacks = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      int space = line.lastIndexOf(' ');
      stacks.add(
          new Stack(
              List.of(line.substring(0, space).split(";")),
              Long.parseLong(line.substring(space + 1))));
    }
    return new Stacks(stacks);
  }

  void print() {
    print("threads", Stack::thread);
    print("whose code, what it calls in the JDK included", Stack::owner);
    print("our innermost method, all that it calls included", Stack::ours);
    print("methods", Stack::method);
  }

  private void print(String title, Function<Stack, String> kind) {
    long all = stacks.stream().mapToLong(Stack::samples).sum();
    System.out.println("\n" + title);
    stacks.stream()
        .collect(Collectors.groupingBy(kind, Collectors.summingLong(Stack::samples)))
        .entrySet()
        .stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(ROWS)
        .forEach(
            row ->
                System.out.println(
                    String.format(
                        Locale.ROOT,
                        "  %5.1f %%  %s",
                        100.0 * row.getValue() / all,
                        row.getKey())));
  }
}
