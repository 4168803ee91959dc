package orderflow.deadletter;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
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
      Pattern.compile("(\"(?:name|email)\"\\s*+:\\s*+\")((?:[^\"\\\\]|\\\\.)*+)");

  private static final Pattern ADDRESS =
      Pattern.compile("([^\\s\"'<>@,;:])[^\\s\"'<>@,;:]{0,63}+@([A-Za-z0-9.-]{1,255}+)");

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

  /**
   * The same with names as *** and addresses as m***@example.com. Base64 could hide some, so
   * nothing of it is shown.
   */
  PayloadText masked() {
    if (text == null || encoding != null) {
      return new PayloadText(text == null ? null : "***", null);
    }
    String masked = PERSONAL_FIELD.matcher(text).replaceAll(PayloadText::maskField);
    return new PayloadText(maskAddresses(masked), null);
  }

  static String maskAddresses(String text) {
    return ADDRESS.matcher(text).replaceAll("$1***@$2");
  }

  private static String maskField(MatchResult field) {
    String value = field.group(2);
    return Matcher.quoteReplacement(
        field.group(1) + (ADDRESS.matcher(value).matches() ? maskAddresses(value) : "***"));
  }
}
