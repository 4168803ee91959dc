package orderflow.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import orderflow.Certificate;

/** An SMTP server that takes mails only after STARTTLS (RFC 3207) and a login (RFC 4954). */
final class StartTlsSmtp implements AutoCloseable {

  private static final String LOGIN = "\0shop\0secret";

  final List<String> commands = new CopyOnWriteArrayList<>();
  private final ServerSocket listener;
  private final boolean offersTls;

  StartTlsSmtp(boolean offersTls) {
    this.offersTls = offersTls;
    try {
      listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::accept, "starttls-smtp");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        say(socket, "220 localhost");
        if (talk(socket, false)) {
          SSLSocket secure =
              (SSLSocket)
                  Certificate.context()
                      .getSocketFactory()
                      .createSocket(socket, "localhost", socket.getPort(), true);
          secure.setUseClientMode(false);
          talk(secure, true);
        }
      } catch (IOException e) {
        // the client or the test has hung up
      }
    }
  }

  /** Returns whether TLS is to begin. */
  private boolean talk(Socket socket, boolean secure) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII), 1);
    boolean known = false;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      commands.add((secure ? "secure " : "clear ") + line.split(" ", 2)[0]);
      if (line.startsWith("EHLO")) {
        say(socket, "250-localhost");
        say(socket, secure ? "250 AUTH PLAIN" : offersTls ? "250 STARTTLS" : "250 HELP");
      } else if (line.equals("STARTTLS")) {
        say(socket, "220 go on");
        return true;
      } else if (line.startsWith("AUTH")) {
        known = plain(line).endsWith(LOGIN);
        say(socket, known ? "235 welcome" : "535 5.7.8 wrong");
      } else if (line.startsWith("MAIL") && !known) {
        say(socket, "530 5.7.0 log in first");
      } else if (line.equals("DATA")) {
        say(socket, "354 go on");
        while (!".".equals(in.readLine())) {
          // the mail itself
        }
        say(socket, "250 taken");
      } else if (line.equals("QUIT")) {
        say(socket, "221 bye");
        return false;
      } else {
        say(socket, "250 ok");
      }
    }
    return false;
  }

  /** Whom one acts for, one's name and one's password (RFC 4616). */
  private static String plain(String auth) {
    return new String(
        Base64.getDecoder().decode(auth.replace("AUTH PLAIN ", "")), StandardCharsets.UTF_8);
  }

  private static void say(Socket socket, String line) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
