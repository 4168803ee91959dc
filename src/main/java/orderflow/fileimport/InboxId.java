package orderflow.fileimport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * What tells an inbox from others: it stands in a file of its own, as one folder may be mounted
 * under different paths, and different ones under the same path.
 */
final class InboxId {

  private static final String FILE = ".inbox-id";

  private final Path file;
  private String id = UUID.randomUUID().toString();

  InboxId(Path inbox) {
    this.file = inbox.resolve(FILE);
  }

  /** The id as it stands in the inbox; where there is none, the one known so far is put there. */
  synchronized String check() throws IOException {
    try {
      String found = Files.readString(file).strip();
      id = found.isEmpty() ? agreed() : found;
    } catch (NoSuchFileException e) {
      id = agreed();
    }
    return id;
  }

  /** Only the first of several instances writes; the others find what it wrote. */
  private String agreed() throws IOException {
    synchronized (InboxId.class) { // a file's lock is for processes, not for their threads
      try (FileChannel channel =
              FileChannel.open(
                  file,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE);
          var lock = channel.lock()) {
        ByteBuffer found = ByteBuffer.allocate(100);
        channel.read(found);
        String text = new String(found.array(), 0, found.position(), StandardCharsets.UTF_8);
        if (lock.isValid() && !text.isBlank()) {
          return text.strip();
        }
        channel.write(ByteBuffer.wrap((id + "\n").getBytes(StandardCharsets.UTF_8)), 0);
        channel.force(false);
        return id;
      }
    }
  }
}
