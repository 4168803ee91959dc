package orderflow.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a running JVM through the {@code jcmd} of the JDK that runs it. */
final class Diagnosis {

  private static final Pattern USED = Pattern.compile("(?:heap|generation).* used (\\d+)K");

  private Diagnosis() {}

  static String run(long pid, String... question) throws IOException {
    var command =
        new java.util.ArrayList<>(
            List.of(Path.of(Rig.JAVA).resolveSibling("jcmd").toString(), String.valueOf(pid)));
    command.addAll(List.of(question));
    Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(
        jcmd.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
  }

  /** MiB, whichever collector it is. */
  static double heapInUse(long pid) throws IOException {
    Matcher used = USED.matcher(run(pid, "GC.heap_info"));
    long kib = 0;
    while (used.find()) {
      kib += Long.parseLong(used.group(1));
    }
    return kib / 1024.0;
  }
}
