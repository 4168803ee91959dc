package orderflow.mail;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads whose fault a permanent refusal (5xx) of a recipient or of a mail's content is. RFC 3463
 * says it in the enhanced code, but providers use the codes loosely, and many leave them out, so
 * that some words count, too.
 */
final class SmtpReply {

  /** RFC 3463, at the beginning (RFC 2034) or, as some servers have it, later on. */
  private static final Pattern ENHANCED =
      Pattern.compile("(?<![\\d.])5\\.(\\d{1,3})\\.(\\d{1,3})(?![\\d.]\\d|\\d)");

  /** Of x.1.x and x.2.x, which are about the recipient, those that are about the sender. */
  private static final List<String> SENDER_ADDRESS =
      List.of(
          "1.7", // bad sender's mailbox address
          "1.8", // bad sender's system address; Exchange Online: bad outbound sender
          "1.90", // Exchange Online: the sender's daily limit of recipients
          "2.252"); // Exchange Online: not allowed to send as the sender

  /** Authentication required, too weak, failed, or encryption required for it (RFC 4954). */
  private static final List<Integer> LOGIN = List.of(530, 534, 535, 538);

  /** This is about the sender, whatever the code says. */
  private static final Pattern SENDER =
      anyOf(
          "sender address rejected",
          "sender verify failed",
          "send ?as ?denied",
          "not allowed to send as",
          "outbound ?spam",
          "not owned by user",
          "relay(ing)?( access)?( is| was)? (denied|not permitted|not allowed|prohibited)",
          "(unable|not permitted|not allowed|not authorized) to relay",
          "relay(ing)? (traffic|operation) (prohibited|rejected|denied)",
          "unauthorized relay");

  /** About the sender where the code does not say whom it is about. */
  private static final Pattern SYSTEM =
      anyOf(
          "\\brelay(ing)?\\b(?! recipient)",
          "authenticat",
          "smtp auth\\b",
          "starttls",
          "sender (rejected|denied|blocked|not )",
          "from address",
          "sender identity",
          "sender signature",
          "is not verified",
          "unverified(?! address)",
          "sandbox",
          "pending approval",
          "not allowed to send",
          "not authorized to send",
          "(e?hlo|helo) command",
          // Quotas of what is sent, not of a mailbox.
          "(daily|hourly|sending|messaging|outgoing|outbound).{0,60}(limit|quota)",
          "(limit|quota).{0,60}(per|a|of the) (day|hour|month)\\b",
          "exceeded.{0,60}(mails?|messages) per (hour|day|month)",
          "too many (messages|mails|e-mails|emails|recipients|connections)",
          "credits exceeded",
          "outgoing mail.{0,80}suspended",
          "sending.{0,60}(suspended|disabled|paused)",
          // This host's own reputation.
          "spamhaus|spamcop|dnsbl|\\brbl\\b",
          "block ?list|(?<!address )black ?list",
          "(poor|bad|low) reputation",
          "client host.{0,80}(rejected|blocked)",
          "no access for this (ip|domain|user)");

  private SmtpReply() {}

  /**
   * Whether a permanent refusal is about this system or its mail server, and not about the mail and
   * its recipient.
   *
   * @param reply with its code in front; of several lines
   */
  static boolean isAboutTheSender(int code, String reply) {
    String words = reply.toLowerCase(Locale.ROOT);
    if (LOGIN.contains(code) || SENDER.matcher(words).find()) {
      return true;
    }
    Matcher enhanced = ENHANCED.matcher(reply);
    if (enhanced.find()) {
      switch (enhanced.group(1)) {
        case "1", "2" -> {
          return SENDER_ADDRESS.contains(enhanced.group(1) + "." + enhanced.group(2));
        }
        case "3", "4", "7" -> {
          return true;
        }
        default -> {
          // It says neither: the words do.
        }
      }
    }
    return SYSTEM.matcher(words).find();
  }

  private static Pattern anyOf(String... expressions) {
    return Pattern.compile(
        String.join("|", Stream.of(expressions).map(e -> "(?:" + e + ")").toList()));
  }
}
