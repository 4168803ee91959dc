package orderflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The packaged jar as a process of its own, on any free ports unless told otherwise. */
final class JarProcess implements AutoCloseable {

  static final Duration START = Duration.ofSeconds(120);
  static final Duration STOP = Duration.ofSeconds(30);

  private static final Pattern READY =
      Pattern.compile("Orderflow is ready on (http://\\S+):(\\d+) after");

  private final Process process;
  private final Path log;

  private JarProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts it in a folder.
   *
   * @param log what this start says; an older file of that name is removed
   */
  static JarProcess start(Path folder, Path log, Map<String, String> environment)
      throws IOException {
    Files.deleteIfExists(log);
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            Path.of("target/orderflow.jar").toAbsolutePath().toString());
    builder.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("(SERVER|SPRING|SMTP|KAFKA|MAIL|ORDERFLOW)_.*"));
    builder
        .environment()
        .putAll(
            Map.of(
                "SERVER_PORT",
                "0",
                "ORDERFLOW_EMBEDDED_POSTGRES_PORT",
                "0",
                "ORDERFLOW_EMBEDDED_KAFKA_PORT",
                "0",
                "ORDERFLOW_EMBEDDED_MAILBOX_PORT",
                "0"));
    builder.environment().putAll(environment);
    return new JarProcess(builder.start(), log);
  }

  Process process() {
    return process;
  }

  /** Waits until it is ready and gives its address, without a path. */
  String address() {
    MatchResult ready = ready();
    return ready.group(1) + ":" + ready.group(2);
  }

  /** Waits until it is ready and gives its HTTP port. */
  int port() {
    return Integer.parseInt(ready().group(2));
  }

  private MatchResult ready() {
    return Awaitility.await()
        .atMost(START)
        .until(
            () ->
                READY.matcher(Files.exists(log) ? Files.readString(log) : "").results().findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS);
  }
}
