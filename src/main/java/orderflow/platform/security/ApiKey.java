package orderflow.platform.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;

/**
 * A key that clients may send, known by its SHA-256 alone. A slow hash such as bcrypt protects
 * words that people choose; a key of 256 random bits can't be guessed, and is looked at with every
 * request.
 */
@SuppressWarnings("ArrayRecordComponent")
record ApiKey(byte[] digest, Principal owner) {

  /** What a key has at the least, in characters: what is shorter can be guessed. */
  private static final int SHORTEST = 24;

  /** A key with all roles. */
  static ApiKey ofOperator(String key) {
    if (key.length() < SHORTEST || !key.matches("[\\x21-\\x7E]+")) {
      throw new IllegalArgumentException(
          "an API key is " + SHORTEST + " or more visible ASCII characters without spaces");
    }
    return new ApiKey(digest(key), new Principal("api-key", EnumSet.allOf(Role.class)));
  }

  /** Takes the same time whether the first or the last character is wrong, and tells no length. */
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
