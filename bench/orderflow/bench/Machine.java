package orderflow.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What processes use, from proc(5), and what machine this is. */
final class Machine {

  private static final double TICKS_PER_SECOND = 100;

  private Machine() {}

  /** Seconds of processor time of a process and its children, those that have ended included. */
  static double cpuSeconds(ProcessHandle process) {
    return tree(process).mapToDouble(one -> ticks(one.pid())).sum() / TICKS_PER_SECOND;
  }

  /** MiB of memory that a process and its children hold, what they share counted once. */
  static long memory(ProcessHandle process) {
    return tree(process).mapToLong(one -> kib(one, "smaps_rollup", "Pss:")).sum() / 1024;
  }

  /** MiB of memory that a process has held at most. */
  static long peakMemory(ProcessHandle process) {
    return kib(process, "status", "VmHWM:") / 1024;
  }

  /** Processor, JDK and system in a line. */
  static String description() throws IOException {
    String processor =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .findFirst()
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .orElse("unknown processor");
    return "%d cores of %s, %s %s, %s %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            processor,
            System.getProperty("java.vm.name"),
            System.getProperty("java.version"),
            System.getProperty("os.name"),
            System.getProperty("os.version"));
  }

  private static Stream<ProcessHandle> tree(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants());
  }

  /** User and system time of a process and of its ended children; of none that is gone. */
  private static double ticks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return Stream.of(fields).skip(11).limit(4).mapToLong(Long::parseLong).sum();
    } catch (IOException e) {
      return 0;
    }
  }

  private static long kib(ProcessHandle process, String file, String name) {
    try {
      List<String> lines = Files.readAllLines(Path.of("/proc/" + process.pid() + "/" + file));
      return lines.stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .sum();
    } catch (IOException e) {
      return 0;
    }
  }
}
