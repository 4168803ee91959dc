package orderflow.mail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Sockets that send what they are given at once (TCP_NODELAY). Others hold the end of a mail back
 * until the server has acknowledged its beginning, which a server that waits for that end does tens
 * of milliseconds later.
 */
final class PromptSockets extends SocketFactory {

  @Override
  public Socket createSocket() throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    return socket;
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw connectedLater();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw connectedLater();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw connectedLater();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw connectedLater();
  }

  private static UnsupportedOperationException connectedLater() {
    return new UnsupportedOperationException("Angus Mail connects the socket that it is given");
  }
}
