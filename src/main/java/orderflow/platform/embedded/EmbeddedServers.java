package orderflow.platform.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import orderflow.platform.mailbox.Mailbox;
import orderflow.platform.startup.StartupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers that run inside this application, started at the same time. Kafka takes longest and
 * is needed last: it goes on starting while the application does. PostgreSQL is stopped last.
 */
public class EmbeddedServers implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EmbeddedServers.class);

  private final Deque<AutoCloseable> newestFirst = new ArrayDeque<>();
  private final Map<String, Object> properties = new HashMap<>();
  private final Mailbox mailbox;
  private @Nullable CompletableFuture<EmbeddedServer> kafka;

  private EmbeddedServers(Mailbox mailbox) {
    this.mailbox = mailbox;
  }

  /**
   * Starts these parts; if one of them fails, those that did start are stopped again. Kafka may
   * still be starting when this returns: {@link #awaitKafka()}.
   *
   * @param folder where PostgreSQL and Kafka keep their data, held against other instances until
   *     {@link #close}
   */
  public static EmbeddedServers start(
      Set<EmbeddedPart> parts, Path folder, EmbeddedSettings settings, Clock clock) {
    long eighthOfTheHeap = Runtime.getRuntime().maxMemory() / 8;
    var servers =
        new EmbeddedServers(new Mailbox(settings.mailbox().capacity(), eighthOfTheHeap, clock));
    try {
      if (!parts.isEmpty()) {
        servers.start(parts, folder, settings);
      }
      return servers;
    } catch (RuntimeException e) {
      servers.close();
      throw e;
    }
  }

  /** Where the servers are, in the settings outside servers would be named with. */
  public Map<String, Object> properties() {
    return Map.copyOf(properties);
  }

  public Mailbox mailbox() {
    return mailbox;
  }

  /**
   * Waits until Kafka, if it is among these, has started.
   *
   * @throws StartupException if it can't
   */
  public synchronized void awaitKafka() {
    if (kafka != null) {
      CompletableFuture<EmbeddedServer> starting = kafka;
      kafka = null;
      keep(List.of(starting));
    }
  }

  /** Closing a second time does nothing. */
  @Override
  public synchronized void close() {
    try {
      awaitKafka();
    } catch (StartupException e) {
      log.debug("Kafka did not start", e);
    }
    while (!newestFirst.isEmpty()) {
      AutoCloseable server = newestFirst.removeFirst();
      try {
        server.close();
      } catch (Exception e) {
        log.warn("{} did not stop cleanly: {}", server.getClass().getSimpleName(), e.getMessage());
      }
    }
  }

  private void start(Set<EmbeddedPart> parts, Path folder, EmbeddedSettings settings) {
    if (parts.contains(EmbeddedPart.POSTGRES) || parts.contains(EmbeddedPart.KAFKA)) {
      newestFirst.addFirst(DataFolder.hold(folder));
    }
    if (parts.contains(EmbeddedPart.POSTGRES)) {
      stopOrphan(folder);
    }
    settings.refuseTakenPorts(parts);
    log.info("Orderflow starts, with its data in {}", folder);
    var needed = new ArrayList<CompletableFuture<EmbeddedServer>>();
    for (EmbeddedPart part : EmbeddedPart.values()) {
      if (parts.contains(part)) {
        int port =
            settings.port(part) == 0 && part != EmbeddedPart.MAILBOX
                ? Loopback.freePort()
                : settings.port(part);
        var starting =
            CompletableFuture.supplyAsync(
                () -> start(part, folder, port), EmbeddedServers::inThread);
        if (part == EmbeddedPart.KAFKA) {
          kafka = starting;
          properties.putAll(KafkaBroker.properties(port));
        } else {
          needed.add(starting);
        }
      }
    }
    keep(needed);
  }

  private static void stopOrphan(Path folder) {
    try {
      PostgresServer.stopOrphan(folder);
    } catch (IOException e) {
      throw new StartupException(
          "the data folder "
              + folder
              + " cannot be used ("
              + e
              + "): set ORDERFLOW_DATA to one this user can read and write",
          e);
    }
  }

  private EmbeddedServer start(EmbeddedPart part, Path folder, int port) {
    try {
      return switch (part) {
        case POSTGRES -> PostgresSupervisor.over(PostgresServer.start(folder, port));
        case KAFKA -> KafkaBroker.start(folder.resolve("kafka"), port);
        case MAILBOX -> EmbeddedSmtp.start(port, mailbox);
      };
    } catch (StartupException e) {
      throw e;
    } catch (Exception e) {
      throw new StartupException(
          "the embedded "
              + part
              + " did not start ("
              + e
              + "): set "
              + part.replacement
              + " to use one of yours",
          e);
    }
  }

  /** Waits for all of them, so that none is left running unseen when another one fails. */
  private void keep(List<CompletableFuture<EmbeddedServer>> starting) {
    RuntimeException failure = null;
    for (CompletableFuture<EmbeddedServer> one : starting) {
      try {
        EmbeddedServer server = one.join();
        newestFirst.addFirst(server);
        properties.putAll(server.properties());
      } catch (CompletionException e) {
        failure = failure == null ? (RuntimeException) e.getCause() : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static void inThread(Runnable start) {
    new Thread(start, "embedded-start").start();
  }
}
