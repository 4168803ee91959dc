package orderflow.order;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** A single mailbox by RFC 5321, section 4.1.2: ASCII, without display name or comments. */
public final class MailAddress {

  private static final int LONGEST = 254;
  private static final int LONGEST_LOCAL_PART = 64;

  private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
  private static final String QUOTED = "\"(?:[ !#-\\[\\]-~]|\\\\[ -~])*\"";
  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final String IPV4 = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

  private static final Pattern MAILBOX =
      Pattern.compile(
          "("
              + ATOM
              + "(?:\\."
              + ATOM
              + ")*|"
              + QUOTED
              + ")"
              + "@(?:"
              + LABEL
              + "(?:\\."
              + LABEL
              + ")*"
              + "|\\["
              + IPV4
              + "(?:\\."
              + IPV4
              + "){3}\\]"
              + "|\\[IPv6:([0-9A-Fa-f:.]{2,45})\\])");

  private MailAddress() {}

  public static boolean isValid(String text) {
    if (text.length() > LONGEST) {
      return false;
    }
    var match = MAILBOX.matcher(text);
    return match.matches()
        && match.group(1).length() <= LONGEST_LOCAL_PART
        && (match.group(2) == null || isIpv6(match.group(2)));
  }

  /** Java's own parser tells; what is in brackets is never looked up as a name. */
  private static boolean isIpv6(String literal) {
    try {
      return literal.contains(":") && InetAddress.getByName("[" + literal + "]") != null;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
