package orderflow;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A Java program as a process of its own, which says in its log when it is ready. */
public final class JavaProcess implements AutoCloseable {

  public static final Duration START = Duration.ofMinutes(5);
  public static final Duration STOP = Duration.ofSeconds(60);

  /** The command {@code java} of the JDK at hand. */
  public static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private final Process process;
  private final Path log;
  private final Pattern ready;

  private JavaProcess(Process process, Path log, Pattern ready) {
    this.process = process;
    this.log = log;
    this.ready = ready;
  }

  /**
   * Starts it.
   *
   * @param log what this start says; an older file of that name is removed
   * @param ready what it says there when it is ready
   */
  public static JavaProcess start(ProcessBuilder builder, Path log, Pattern ready)
      throws IOException {
    Files.deleteIfExists(log);
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new JavaProcess(process, log, ready);
  }

  public Process process() {
    return process;
  }

  /** Waits until it is ready and gives what it said then. */
  public MatchResult ready() {
    return await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(START)
        .failFast("it ended, see " + log, () -> !process.isAlive())
        .until(
            () ->
                ready.matcher(Files.exists(log) ? Files.readString(log) : "").results().findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /** Asks it to stop and waits for that; what does not stop in time is killed. */
  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
