package orderflow.platform.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;

/**
 * An API key, of which only the SHA-256 is kept. A slow hash such as bcrypt protects words that
 * people choose; a key of 256 random bits can't be guessed, and is hashed with every request.
 */
@SuppressWarnings("ArrayRecordComponent")
record ApiKey(byte[] digest, Principal owner) {

  /** In characters; shorter keys can be guessed. */
  private static final int SHORTEST = 24;

  /** A key with all roles. */
  static ApiKey ofOperator(String key) {
    if (key.length() < SHORTEST || !key.matches("[\\x21-\\x7E]+")) {
      throw new IllegalArgumentException(
          "an API key is " + SHORTEST + " or more visible ASCII characters without spaces");
    }
    return new ApiKey(digest(key), new Principal("api-key", EnumSet.allOf(Role.class)));
  }

  /** Compares in constant time, and so reveals neither a prefix nor the length. */
  boolean isOf(byte[] candidate) {
    return MessageDigest.isEqual(digest, candidate);
  }

  static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return owner + " " + HexFormat.of().formatHex(digest, 0, 4);
  }
}
