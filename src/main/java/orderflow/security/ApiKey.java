package orderflow.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The key clients must send; it compares, and never shows itself. */
final class ApiKey {

  private final byte[] digest;

  ApiKey(String key) {
    if (!key.matches("[\\x21-\\x7E]+")) {
      throw new IllegalArgumentException("an API key is visible ASCII characters without spaces");
    }
    this.digest = digest(key);
  }

  /** Takes the same time whether the first or the last character is wrong, and tells no length. */
  boolean matches(String candidate) {
    return MessageDigest.isEqual(digest, digest(candidate));
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
