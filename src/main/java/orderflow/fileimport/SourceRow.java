package orderflow.fileimport;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A record of the input as it was: a CSV row, a line, or an order of a JSON list.
 *
 * @param bytes as they were, without the line end
 * @param lineEnd what ended it; empty at the end of the file
 * @param line the physical line on which it begins, from 1
 * @param end how many bytes of the content lie before what follows it
 * @param closed whether no quote was left open
 */
@SuppressWarnings("ArrayRecordComponent")
record SourceRow(byte[] bytes, String lineEnd, long line, long end, boolean closed) {

  /** Stands for what is not UTF-8, and for itself. */
  private static final char REPLACED = '\uFFFD';

  /** A longer one is refused. */
  static final int LONGEST = 1 << 20;

  /** A longer one can't even be given back; there is no use in reading on. */
  static final int LONGEST_KEPT = 8 << 20;

  boolean tooLong() {
    return bytes.length > LONGEST;
  }

  /**
   * The row's text.
   *
   * @throws NotText if it is not UTF-8
   */
  String text() {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.indexOf(REPLACED) < 0 ? text : strictly();
  }

  private String strictly() {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new NotText(line, Dialect.UTF_8);
    }
  }

  /** Whether nothing stands in it but delimiters and blanks. */
  boolean isBlank(char delimiter) {
    for (byte b : bytes) {
      if (b != delimiter && b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        return false;
      }
    }
    return true;
  }

  static UnreadableFile endless(long line) {
    return new UnreadableFile(
        "What begins on line "
            + line
            + " is longer than "
            + (LONGEST_KEPT >> 20)
            + " MiB: no order is that long, so check the line ends and quotes and drop the file again.");
  }
}
