package orderflow.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The mails that the {@link SmtpSink} has taken, those before a kill of it included. */
final class Mails {

  /**
   * A mail.
   *
   * @param micros when it came, in microseconds since 1970
   * @param id its Message-ID
   */
  record Taken(long micros, String order, String id, String recipient) {}

  private final Path file;
  private final List<Taken> taken = new ArrayList<>();
  private long position;

  Mails(Path folder) {
    this.file = folder.resolve(SmtpSink.MAILS);
  }

  /** How many there are by now. */
  int count() throws IOException {
    return taken().size();
  }

  /** All that there are by now, in their order. */
  List<Taken> taken() throws IOException {
    if (Files.exists(file)) {
      try (var reader = new RandomAccessFile(file.toFile(), "r")) {
        byte[] news = new byte[(int) (reader.length() - position)];
        reader.seek(position);
        reader.readFully(news);
        read(news);
      }
    }
    return taken;
  }

  private void read(byte[] news) {
    int begin = 0;
    for (int i = 0; i < news.length; i++) {
      if (news[i] == '\n') {
        String[] words = new String(news, begin, i - begin, StandardCharsets.UTF_8).split(" ", 4);
        taken.add(new Taken(Long.parseLong(words[0]), words[1], words[2], words[3]));
        begin = i + 1;
      }
    }
    position += begin;
  }
}
