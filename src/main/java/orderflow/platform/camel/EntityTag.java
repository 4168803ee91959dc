package orderflow.platform.camel;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Entity tags of responses (RFC 9110, section 8.8.3). */
final class EntityTag {

  private static final int BYTES = 16;
  private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[\\x21\\x23-\\x7E\\x80-\\xFF]*\")");

  private static final Pattern VERSION = Pattern.compile("(?<!W/)\"([0-9]{1,9})\"");

  private EntityTag() {}

  static String of(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return '"' + HexFormat.of().formatHex(hash, 0, BYTES) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The tag of a version that counts from 1. */
  static String of(int version) {
    return "\"" + version + '"';
  }

  /**
   * The versions that If-Match headers list: null if they match any. A weak tag matches nothing,
   * because If-Match compares strongly.
   */
  static @Nullable Set<Integer> versions(List<String> headers) {
    Set<Integer> versions = new HashSet<>();
    for (String header : headers) {
      if (header.strip().equals("*")) {
        return null;
      }
      for (Matcher version = VERSION.matcher(header); version.find(); ) {
        versions.add(Integer.valueOf(version.group(1)));
      }
    }
    return versions;
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
