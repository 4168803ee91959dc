package orderflow.deadletter;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A payload, which may be anything, as text.
 *
 * @param encoding {@code base64} if it is no UTF-8; else null
 */
record PayloadText(@Nullable String text, @Nullable String encoding) {

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
}
