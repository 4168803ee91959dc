package orderflow.platform.camel;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Entity tags of responses (RFC 9110, section 8.8.3). */
final class EntityTag {

  private static final int BYTES = 16;
  private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[\\x21\\x23-\\x7E\\x80-\\xFF]*\")");

  private EntityTag() {}

  static String of(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return '"' + HexFormat.of().formatHex(hash, 0, BYTES) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Whether one of the tags of If-None-Match headers is this one. They are compared weakly, because
   * a proxy that compresses makes a strong one weak.
   */
  static boolean isIn(Enumeration<String> headers, String tag) {
    while (headers.hasMoreElements()) {
      String header = headers.nextElement();
      if (header.strip().equals("*")) {
        return true;
      }
      for (Matcher sent = TAG.matcher(header); sent.find(); ) {
        if (sent.group(1).equals(tag)) {
          return true;
        }
      }
    }
    return false;
  }
}
