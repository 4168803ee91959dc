package orderflow;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The packaged jar as a process of its own, on any free ports unless told otherwise. */
public final class JarProcess implements AutoCloseable {

  static final Duration START = JavaProcess.START;
  static final Duration STOP = JavaProcess.STOP;

  private static final Pattern READY =
      Pattern.compile("Orderflow is ready on (https?://\\S+):(\\d+) after");

  private final JavaProcess java;

  private JarProcess(JavaProcess java) {
    this.java = java;
  }

  /**
   * Starts it in a folder.
   *
   * @param log what this start says; an older file of that name is removed
   */
  public static JarProcess start(Path folder, Path log, Map<String, String> environment)
      throws IOException {
    return start(
        List.of(
            JavaProcess.JAVA,
            // It runs for seconds: the second compiler would cost more than it gains.
            "-XX:TieredStopAtLevel=1",
            // In the language and the time zone of the tests.
            "-Duser.language=" + Locale.getDefault().getLanguage(),
            "-Duser.country=" + Locale.getDefault().getCountry(),
            "-Duser.timezone=" + TimeZone.getDefault().getID(),
            "-jar",
            Path.of("target/orderflow.jar").toAbsolutePath().toString()),
        folder,
        log,
        environment);
  }

  /** Starts it by a command of another JDK, or with options for the JVM. */
  public static JarProcess start(
      List<String> command, Path folder, Path log, Map<String, String> environment)
      throws IOException {
    return start(command, folder, log, environment, READY);
  }

  /**
   * Starts another program that takes the same variables.
   *
   * @param ready what it says when it is ready
   */
  public static JarProcess start(
      List<String> command, Path folder, Path log, Map<String, String> environment, Pattern ready)
      throws IOException {
    var builder = new ProcessBuilder(command).directory(folder.toFile());
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
    return new JarProcess(JavaProcess.start(builder, log, ready));
  }

  public JavaProcess java() {
    return java;
  }

  public Process process() {
    return java.process();
  }

  /** Waits until it is ready and gives its address, without a path. */
  public String address() {
    MatchResult ready = java.ready();
    return ready.group(1) + ":" + ready.group(2);
  }

  /** Waits until it is ready and gives its HTTP port. */
  public int port() {
    return Integer.parseInt(java.ready().group(2));
  }

  @Override
  public void close() throws InterruptedException {
    java.close();
  }
}
