package orderflow.fileimport;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * Korean text that happens to be valid UTF-8, too: a few hundred syllables of windows-949, such as
 * those of 홍철, have the bytes of letters with accents. A file is taken for Korean if all its
 * letters beyond ASCII are such syllables and most of them stand next to each other and to no ASCII
 * letter: letters with accents stand among others.
 */
final class HangulInDisguise {

  private final @Nullable Charset korean;
  private boolean excluded;
  private int hangul;
  private int latin;
  private long line;

  /**
   * Begins to look.
   *
   * @param charset that the file may be in, or null if it is known to be in none
   */
  HangulInDisguise(@Nullable String charset) {
    this.korean = charset == null ? null : Charset.forName(charset);
    this.excluded = korean == null;
  }

  /** Looks at some letters beyond ASCII, and returns where they end. */
  int look(byte[] bytes, int from, long onLine) {
    int end = from;
    while (end < bytes.length && bytes[end] < 0) {
      end++;
    }
    if (!excluded) {
      if (!isHangul(bytes, from, end)) {
        excluded = true;
      } else if (end - from > 2
          && !(from > 0 && isLetter(bytes[from - 1]))
          && !(end < bytes.length && isLetter(bytes[end]))) {
        hangul++;
      } else {
        latin++;
      }
      line = line == 0 ? onLine : line;
    }
    return end;
  }

  private boolean isHangul(byte[] bytes, int from, int end) {
    if (korean == null) {
      return false;
    }
    try {
      CharBuffer text = korean.newDecoder().decode(ByteBuffer.wrap(bytes, from, end - from));
      return text.chars()
          .allMatch(c -> Character.UnicodeBlock.of(c) == Character.UnicodeBlock.HANGUL_SYLLABLES);
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static boolean isLetter(byte b) {
    return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z';
  }

  /**
   * Ends the look at all of a file.
   *
   * @throws NotText if it is Korean
   */
  void requireNone() {
    if (!excluded && hangul > latin) {
      throw new NotText(line, Dialect.UTF_8);
    }
  }
}
