package orderflow.platform.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** The one address the embedded servers listen on, and its free ports. */
class Loopback {

  static final String ADDRESS = "127.0.0.1";

  private static final Path CONNECTIONS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

  /** Servers that people know have lower ports. */
  private static final int FIRST = 20_000;

  private static final int ATTEMPTS = 1_000;

  /** What was given is not given again, though it may not be in use yet. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private Loopback() {}

  /**
   * A port that is free, and is not given to another program's connection before it is used: where
   * the system says which ports it gives to connections, it is none of those.
   */
  static int freePort() {
    int end = Math.min(firstOfConnections(), 1 << 16);
    for (int attempt = 0; end > FIRST && attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, end);
      if (GIVEN.add(port) && isFree(port)) {
        return port;
      }
    }
    return anyFreePort();
  }

  /** The first port that Linux gives to connections, or 0 where that is not known. */
  private static int firstOfConnections() {
    try {
      return Integer.parseInt(Files.readString(CONNECTIONS).strip().split("\\s+", -1)[0]);
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  private static int anyFreePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName(ADDRESS))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on " + ADDRESS, e);
    }
  }

  static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(ADDRESS, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
