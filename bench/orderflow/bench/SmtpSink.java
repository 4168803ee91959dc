package orderflow.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A mail server that takes everything and throws it away, but for a line about each mail, which is
 * written before the mail is acknowledged: time in microseconds, {@code X-Order-Id}, Message-ID,
 * recipient. See {@link Mails}. One mail is kept whole.
 */
final class SmtpSink implements Runnable {

  /** Where mails are listed, in the sink's folder. */
  static final String MAILS = "mails";

  /** A whole mail, in the sink's folder. */
  static final String SAMPLE = "sample.eml";

  private static final AtomicBoolean SAMPLED = new AtomicBoolean();

  private final Socket client;
  private final FileChannel mails;
  private final Path sample;

  private SmtpSink(Socket client, FileChannel mails, Path sample) {
    this.client = client;
    this.mails = mails;
    this.sample = sample;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    FileChannel mails =
        FileChannel.open(
            folder.resolve(MAILS), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    var listener =
        new ServerSocket(Integer.parseInt(arguments[1]), 50, InetAddress.getByName(Ports.ADDRESS));
    JvmServer.untilEndOfInput();
    System.out.println("ready");
    while (true) {
      new Thread(new SmtpSink(listener.accept(), mails, folder.resolve(SAMPLE)), "client").start();
    }
  }

  @Override
  public void run() {
    try (client) {
      client.setTcpNoDelay(true);
      converse(
          new SmtpLines(client.getInputStream()),
          new BufferedOutputStream(client.getOutputStream()));
    } catch (IOException e) {
      // The client has gone; what it got is on record.
    }
  }

  private void converse(SmtpLines lines, OutputStream out) throws IOException {
    String recipient = "";
    answer(out, "220 sink");
    out.flush();
    while (lines.next()) {
      switch (lines.verb()) {
        case "EHLO" -> answer(out, "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8");
        case "RCPT" -> {
          recipient = lines.between('<', '>');
          answer(out, "250 ok");
        }
        case "DATA" -> {
          answer(out, "354 go on");
          out.flush();
          try (OutputStream copy = copy()) {
            record(lines.mail(copy), lines.messageId(), recipient);
          }
          answer(out, "250 taken");
        }
        case "QUIT" -> {
          answer(out, "221 bye");
          out.flush();
          return;
        }
        default -> answer(out, "250 ok");
      }
      if (!lines.waiting()) { // a client may send several commands at once: RFC 2920
        out.flush();
      }
    }
  }

  private OutputStream copy() throws IOException {
    return SAMPLED.getAndSet(true)
        ? OutputStream.nullOutputStream()
        : Files.newOutputStream(sample);
  }

  private void record(String order, String id, String recipient) throws IOException {
    String line = Now.micros() + " " + order + " " + id.replace(" ", "") + " " + recipient + "\n";
    mails.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
  }

  private static void answer(OutputStream out, String words) throws IOException {
    out.write((words + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }
}
