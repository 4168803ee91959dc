package orderflow.mail;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Writes text as encoded words (RFC 2047) that could be taken for some already, or that no line
 * holds. Readers of mail decode what looks like one even where it is quoted, so that what a
 * customer typed would become something else; and a header is folded at its blanks alone.
 */
final class EncodedWords {

  private static final String BEGIN = "=?UTF-8?B?";
  private static final String END = "?=";

  /** A line with a word is at most 76 characters: so many bytes are 48 in Base64. */
  private static final int BYTES = 36;

  /** A line of a header is at most 78 characters. */
  private static final Pattern UNFOLDABLE = Pattern.compile("[^ ]{61}");

  private EncodedWords() {}

  /**
   * Whether a reader may take some of the text for an encoded word, or a line is too short for it.
   */
  static boolean areNeededFor(String text) {
    return text.contains("=?") || UNFOLDABLE.matcher(text).find();
  }

  /** The text as words with blanks between them, which readers drop. */
  static String of(String text) {
    StringBuilder words = new StringBuilder(2 * text.length());
    int begin = 0;
    int bytes = 0;
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      int width = Character.toString(character).getBytes(StandardCharsets.UTF_8).length;
      if (bytes + width > BYTES) {
        append(words, text.substring(begin, i));
        begin = i;
        bytes = 0;
      }
      bytes += width;
      i += Character.charCount(character);
    }
    append(words, text.substring(begin));
    return words.toString();
  }

  private static void append(StringBuilder words, String text) {
    words
        .append(words.isEmpty() ? "" : " ")
        .append(BEGIN)
        .append(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
        .append(END);
  }
}
