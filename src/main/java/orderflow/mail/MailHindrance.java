package orderflow.mail;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What keeps all mails from being sent.
 *
 * @param refuses whether the mail server is there and refuses whatever this system sends
 * @param reason what it said; no recipient stands in it
 */
public record MailHindrance(boolean refuses, Instant since, @Nullable String reason) {}
