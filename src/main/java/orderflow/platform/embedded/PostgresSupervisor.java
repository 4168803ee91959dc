package orderflow.platform.embedded;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import orderflow.platform.retry.OutageLog;
import orderflow.platform.startup.StartupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts PostgreSQL again whenever its process has ended without being stopped. A supervisor of
 * this application's process would not see that: Kafka and the mailbox end with this process,
 * PostgreSQL is one of its own.
 */
class PostgresSupervisor implements EmbeddedServer {

  private static final Logger log = LoggerFactory.getLogger(PostgresSupervisor.class);

  private final PostgresServer server;
  private final OutageLog outage = new OutageLog("Starting the embedded PostgreSQL");
  private boolean closed;

  private PostgresSupervisor(PostgresServer server) {
    this.server = server;
  }

  static PostgresSupervisor over(PostgresServer running) {
    PostgresSupervisor watch = new PostgresSupervisor(running);
    Thread thread = new Thread(watch::keepRunning, "postgres-watch");
    thread.setDaemon(true);
    thread.start();
    return watch;
  }

  @Override
  public Map<String, Object> properties() {
    return server.properties();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    server.close();
  }

  private void keepRunning() {
    do {
      server.process().ifPresent(process -> process.onExit().join());
    } while (startAgain());
  }

  /** Tries until it runs; false if it is not to run any more. */
  private synchronized boolean startAgain() {
    if (!closed) {
      log.warn("The embedded PostgreSQL has ended by itself and is started again");
    }
    while (!closed) {
      try {
        server.launch();
        outage.recovered();
        log.warn("The embedded PostgreSQL runs again");
        return true;
      } catch (StartupException e) {
        outage.failure(e);
        rest();
      }
    }
    return false;
  }

  private void rest() {
    try {
      wait(TimeUnit.SECONDS.toMillis(1));
    } catch (InterruptedException e) {
      closed = true;
    }
  }
}
