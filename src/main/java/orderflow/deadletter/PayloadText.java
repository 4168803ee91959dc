package orderflow.deadletter;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A payload, which may be anything, as text.
 *
 * @param encoding {@code base64} if it is no UTF-8; else null
 */
record PayloadText(@Nullable String text, @Nullable String encoding) {

  /** Names and addresses as they stand in an event, be the rest of it broken. */
  private static final Pattern PERSONAL_FIELD =
      Pattern.compile("(\"(?:name|email)\"\\s*+:\\s*+\")(?:[^\"\\\\]|\\\\.)*+");

  private static final Pattern ADDRESS =
      Pattern.compile("[^\\s\"'<>@,;:]{1,64}+@[A-Za-z0-9.-]{1,255}+");

  /**
   * @param cut whether more bytes follow that are not shown, so that the last character may be half
   *     there
   */
  static PayloadText of(byte @Nullable [] bytes, boolean cut) {
    if (bytes == null) {
      return new PayloadText(null, null);
    }
    CharBuffer text = CharBuffer.allocate(bytes.length);
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), text, !cut).isError()
        ? new PayloadText(Base64.getEncoder().encodeToString(bytes), "base64")
        : new PayloadText(text.flip().toString(), null);
  }

  /** The same without names and addresses. Base64 could hide some, so nothing of it is shown. */
  PayloadText masked() {
    if (text == null || encoding != null) {
      return new PayloadText(text == null ? null : "***", null);
    }
    String masked = PERSONAL_FIELD.matcher(text).replaceAll("$1***");
    return new PayloadText(ADDRESS.matcher(masked).replaceAll("***"), null);
  }
}
