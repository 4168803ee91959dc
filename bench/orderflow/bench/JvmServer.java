package orderflow.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import orderflow.JavaProcess;

/**
 * A main class of this source tree in a JVM of its own. It says {@code ready} when it is, and ends
 * when its standard input does: it does not outlive the benchmark, however that ends.
 */
final class JvmServer extends JavaServer {

  private static final Pattern READY = Pattern.compile("^ready$", Pattern.MULTILINE);

  private final ProcessBuilder command;
  private final Path log;

  JvmServer(Class<?> main, String heap, Path log, Object... arguments) {
    var words =
        new ArrayList<>(
            List.of(
                JavaProcess.JAVA,
                "-Xmx" + heap,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    for (Object argument : arguments) {
      words.add(argument.toString());
    }
    this.command = new ProcessBuilder(words);
    this.log = log;
  }

  /** To be called by the main class: lets its JVM end when the benchmark does. */
  static void untilEndOfInput() {
    Thread watch =
        new Thread(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                // it has ended
              }
              System.exit(0);
            },
            "end-of-input");
    watch.setDaemon(true);
    watch.start();
  }

  @Override
  JavaProcess launch() throws IOException {
    return JavaProcess.start(command, log, READY);
  }
}
