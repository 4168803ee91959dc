package orderflow.bench;

import java.io.IOException;
import orderflow.JavaProcess;

/** A server that is a JVM of its own. */
abstract class JavaServer implements Server {

  private JavaProcess running;

  /** Starts the process. */
  abstract JavaProcess launch() throws IOException;

  @Override
  public final void start() throws IOException {
    running = launch();
    running.ready();
  }

  @Override
  public final void kill() throws InterruptedException {
    running.process().destroyForcibly().waitFor();
  }

  @Override
  public final void close() throws InterruptedException {
    if (running != null) {
      running.close();
    }
  }

  @Override
  public final ProcessHandle process() {
    return running.process().toHandle();
  }
}
