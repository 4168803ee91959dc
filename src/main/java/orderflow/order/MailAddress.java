package orderflow.order;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A single mailbox by RFC 5321, section 4.1.2, without display name or comments. Of what the RFC
 * does not have, domains beyond ASCII are taken, and dots where Japanese providers put them: two in
 * a row, or one before the @.
 */
public final class MailAddress {

  private static final int LONGEST = 254;
  private static final int LONGEST_LOCAL_PART = 64;

  private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
  private static final String DOT_ATOM = ATOM + "(?:\\." + ATOM + ")*";
  private static final String DOTTED = ATOM + "(?:\\.*" + ATOM + ")*\\.*";
  private static final String QUOTED = "\"(?:[ !#-\\[\\]-~]|\\\\[ -~])*\"";
  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final String IPV4 = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

  private static final Pattern LOCAL_PART = Pattern.compile(DOTTED + "|" + QUOTED);
  private static final Pattern BY_THE_RFC = Pattern.compile(DOT_ATOM + "|" + QUOTED);
  private static final Pattern DOMAIN =
      Pattern.compile(
          LABEL
              + "(?:\\."
              + LABEL
              + ")*"
              + "|\\["
              + IPV4
              + "(?:\\."
              + IPV4
              + "){3}\\]"
              + "|\\[IPv6:([0-9A-Fa-f:.]{2,45})\\]");

  /** What separates labels where they are not in ASCII (RFC 3490, section 3.1). */
  private static final Pattern DOT = Pattern.compile("[.\u3002\uFF0E\uFF61]");

  private MailAddress() {}

  public static boolean isValid(String text) {
    return read(text) != null;
  }

  /** The mailbox with its domain in ASCII; null if it is none. */
  public static @Nullable String read(String text) {
    int at = text.lastIndexOf('@');
    if (at < 0 || at > LONGEST_LOCAL_PART || text.length() > LONGEST) {
      return null;
    }
    String local = text.substring(0, at);
    String domain = ascii(text.substring(at + 1));
    if (domain == null || at + 1 + domain.length() > LONGEST) {
      return null;
    }
    Matcher match = DOMAIN.matcher(domain);
    boolean isMailbox =
        LOCAL_PART.matcher(local).matches()
            && match.matches()
            && (match.group(1) == null || isIpv6(match.group(1)));
    return isMailbox ? local + "@" + domain : null;
  }

  /** A mailbox as mail servers take it: dots that the RFC does not allow are quoted. */
  public static String quoted(String mailbox) {
    int at = mailbox.lastIndexOf('@');
    String local = mailbox.substring(0, at);
    return BY_THE_RFC.matcher(local).matches()
        ? mailbox
        : "\"" + local + "\"" + mailbox.substring(at);
  }

  private static @Nullable String ascii(String domain) {
    if (domain.chars().allMatch(c -> c < 0x80)) {
      return domain;
    }
    List<String> labels = new ArrayList<>();
    for (String label : DOT.split(domain, -1)) {
      String ascii = DomainLabel.ascii(label);
      if (ascii == null) {
        return null;
      }
      labels.add(ascii);
    }
    return String.join(".", labels);
  }

  /** Java's own parser decides; what is in brackets is never looked up as a name. */
  private static boolean isIpv6(String literal) {
    try {
      return literal.contains(":") && InetAddress.getByName("[" + literal + "]") != null;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
