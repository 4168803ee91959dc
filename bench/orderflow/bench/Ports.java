package orderflow.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import orderflow.platform.embedded.EmbeddedSettings;

/** Free ports of this machine. */
final class Ports {

  static final String ADDRESS = "127.0.0.1";

  private Ports() {}

  static int free() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName(ADDRESS))) {
      return socket.getLocalPort();
    }
  }

  /** Settings for the one embedded server that is to be started. */
  static EmbeddedSettings embedded(int port) {
    return new EmbeddedSettings(
        new EmbeddedSettings.Server(port),
        new EmbeddedSettings.Server(port),
        new EmbeddedSettings.MailboxServer(port, 1));
  }
}
