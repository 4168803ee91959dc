package orderflow.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import orderflow.JarProcess;
import orderflow.JavaProcess;

/** The packaged jar as an operator runs it, on servers that are processes of their own. */
class OrderflowServer extends JavaServer {

  /** What a client sends as its key. */
  static final String API_KEY = "a-key-that-is-for-benchmarks";

  private final Path folder;
  private final String name;
  private final int port;
  private final Map<String, String> environment;
  private List<String> command;

  /**
   * @param jar the program, or the folder it was extracted to
   * @param environment what connects it to its servers, and any other settings
   */
  OrderflowServer(Path folder, String name, int port, Path jar, Map<String, String> environment) {
    this.folder = folder;
    this.name = name;
    this.port = port;
    this.environment = new TreeMap<>(environment);
    this.environment.put("SERVER_PORT", String.valueOf(port));
    this.environment.put("ORDERFLOW_API_KEY", API_KEY);
    this.environment.put("ORDERFLOW_DATA", folder.resolve(name).toString());
    this.command = command(jar, JavaProcess.JAVA, "-Xmx256m");
  }

  /** Runs it from then on by another JDK's {@code java}, or with other options. */
  OrderflowServer by(Path jar, String java, String... options) {
    command = command(jar, java, options);
    return this;
  }

  private static List<String> command(Path jar, String java, String... options) {
    var words = new ArrayList<>(List.of(java));
    words.addAll(List.of(options));
    words.add("-jar");
    words.add(jar.toString());
    return words;
  }

  @Override
  JavaProcess launch() throws IOException {
    return launch(command, folder, environment);
  }

  JavaProcess launch(List<String> command, Path folder, Map<String, String> environment)
      throws IOException {
    return JarProcess.start(command, folder, log(), environment).java();
  }

  int port() {
    return port;
  }

  /** What the latest start says. */
  Path log() {
    return folder.resolve(name + ".log");
  }

  Path inbox() {
    return folder.resolve(name).resolve("inbox");
  }
}
