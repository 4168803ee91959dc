package orderflow.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import orderflow.JarProcess;
import orderflow.JavaProcess;

/**
 * Another program that does the same job and takes its servers from the same variables, for
 * measuring beside Orderflow. Its project is built by Maven, outside of its own folder.
 */
final class PeerServer extends OrderflowServer {

  private static final Pattern READY = Pattern.compile("Started \\w+ in [0-9.]+ seconds");

  PeerServer(Path folder, String name, int port, Path jar, Map<String, String> environment) {
    super(folder, name, port, jar, environment);
  }

  /**
   * Builds the project of a folder, whose build goes to where its property {@code bench.build}
   * says.
   *
   * @return the jar
   */
  static Path build(Path project, Path target) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder(
                "mvn",
                "-q",
                "-f",
                project.resolve("pom.xml").toString(),
                "-Dbench.build=" + target.toAbsolutePath(),
                "-DskipTests",
                "package")
            .inheritIO()
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException(project + " can't be built");
    }
    return target.resolve("peer/peer.jar").toAbsolutePath();
  }

  @Override
  JavaProcess launch(List<String> command, Path folder, Map<String, String> environment)
      throws IOException {
    return JarProcess.start(command, folder, log(), environment, READY).java();
  }
}
