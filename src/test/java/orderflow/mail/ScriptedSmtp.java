package orderflow.mail;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import orderflow.platform.embedded.FreePort;

/**
 * An SMTP server that answers as a test tells it to; {@link #HANG_UP} ends the connection instead.
 */
final class ScriptedSmtp implements AutoCloseable {

  static final String HANG_UP = "";

  /** What it answers to the steps of a mail. */
  interface Script {
    default String greeting() {
      return "220 ready";
    }

    default String extensions() {
      return "250-here\r\n250 PIPELINING";
    }

    default String sender() {
      return "250 ok";
    }

    default String recipient(String address) {
      return "250 ok";
    }

    /** Whether it says nothing to a mail's sender and recipient before it has heard DATA. */
    default boolean answersInBlocks() {
      return false;
    }

    /** To DATA; a server must not take it after it has refused the recipient, but some do. */
    default String data(boolean recipientTaken) {
      return recipientTaken ? "354 go on" : "554 no valid recipients";
    }

    default String data(String address, boolean recipientTaken) {
      return data(recipientTaken);
    }

    /** To the whole mail. */
    default String mail(String address, int deliveries) {
      return "250 taken";
    }
  }

  record Delivery(String recipient, String messageId, String subject) {}

  final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  final List<String> commands = new CopyOnWriteArrayList<>();
  final AtomicInteger connections = new AtomicInteger();
  volatile Script script = new Script() {};

  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final int port;
  private volatile ServerSocket listener;

  ScriptedSmtp() {
    port = FreePort.any();
    listener = listen(port);
  }

  int port() {
    return port;
  }

  List<String> recipients() {
    return deliveries.stream().map(Delivery::recipient).toList();
  }

  void goAway() {
    close();
  }

  /** As soon as the system has let go of the port. */
  void comeBack() {
    await().ignoreExceptions().until(() -> (listener = listen(port)).isBound());
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ServerSocket listen(int onPort) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort));
      Thread thread = new Thread(() -> accept(socket), "scripted-smtp");
      thread.setDaemon(true);
      thread.start();
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket on) {
    while (!on.isClosed()) {
      try {
        Socket socket = on.accept();
        connections.incrementAndGet();
        open.add(socket);
        Thread thread = new Thread(() -> talk(socket), "scripted-smtp-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void talk(Socket socket) {
    try (socket;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        Writer out =
            new java.io.OutputStreamWriter(socket.getOutputStream(), StandardCharsets.ISO_8859_1)) {
      new Conversation(in, out).run();
    } catch (IOException e) {
      // the test or the client has hung up
    } finally {
      open.remove(socket);
    }
  }

  private final class Conversation {

    private final BufferedReader in;
    private final Writer out;
    private String recipient = "";
    private boolean senderTaken;
    private boolean recipientTaken;
    private String held = "";

    Conversation(BufferedReader in, Writer out) {
      this.in = in;
      this.out = out;
    }

    void run() throws IOException {
      boolean goOn = say(script.greeting());
      while (goOn) {
        String line = in.readLine();
        if (line == null || line.startsWith("QUIT")) {
          return;
        }
        commands.add(line);
        String answer = answer(line);
        if (script.answersInBlocks() && (line.startsWith("MAIL") || line.startsWith("RCPT"))) {
          held += answer + "\r\n";
        } else {
          goOn = say(answer);
        }
      }
    }

    private String answer(String line) throws IOException {
      if (line.startsWith("EHLO")) {
        return script.extensions();
      }
      if (line.startsWith("MAIL FROM:")) {
        String answer = script.sender();
        senderTaken = isTaken(answer);
        return answer;
      }
      if (line.startsWith("RCPT TO:")) {
        recipient = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
        String answer = senderTaken ? script.recipient(recipient) : "503 MAIL first";
        recipientTaken = isTaken(answer);
        return answer;
      }
      if (line.equals("DATA")) {
        String answer = script.data(recipient, recipientTaken);
        if (!answer.startsWith("354")) {
          return answer;
        }
        say(answer);
        return script.mail(recipient, take(in, recipient));
      }
      return "250 ok";
    }

    private boolean say(String answer) throws IOException {
      if (answer.equals(HANG_UP)) {
        return false;
      }
      out.write(held + answer + "\r\n");
      out.flush();
      held = "";
      return !answer.startsWith("421");
    }
  }

  /** Returns how many times this recipient has got a mail now. */
  private int take(BufferedReader in, String recipient) throws IOException {
    String messageId = "";
    String subject = "";
    for (String line = in.readLine(); !".".equals(line); line = in.readLine()) {
      if (line == null) {
        throw new IOException("hung up in the middle of a mail");
      }
      if (line.startsWith("Message-ID: ")) {
        messageId = line.substring(12);
      }
      if (line.startsWith("Subject: ")) {
        subject = line.substring(9);
      }
    }
    deliveries.add(new Delivery(recipient, messageId, subject));
    return (int) recipients().stream().filter(recipient::equals).count();
  }

  private static boolean isTaken(String answer) {
    return answer.startsWith("250");
  }
}
