package orderflow.platform.embedded;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import orderflow.platform.startup.StartupException;
import org.hibernate.validator.constraints.Range;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * The ports of the embedded servers on 127.0.0.1 (0: any free one), and how many mails are kept.
 */
@Validated
@ConfigurationProperties("orderflow.embedded")
public record EmbeddedSettings(
    @Valid Server postgres, @Valid Server kafka, @Valid MailboxServer mailbox) {

  private static final String PORT = "must be a port from 0 to 65535";

  /** A server's TCP port. */
  public record Server(@Range(max = 65_535, message = PORT) int port) {}

  /** The mailbox's TCP port, and how many of the newest mails it keeps in memory. */
  public record MailboxServer(
      @Range(max = 65_535, message = PORT) int port, @Min(1) int capacity) {}

  int port(EmbeddedPart part) {
    return switch (part) {
      case POSTGRES -> postgres.port();
      case KAFKA -> kafka.port();
      case MAILBOX -> mailbox.port();
    };
  }

  void refuseTakenPorts(Set<EmbeddedPart> parts) {
    String taken =
        Arrays.stream(EmbeddedPart.values())
            .filter(parts::contains)
            .filter(part -> !Loopback.isFree(port(part)))
            .map(
                part ->
                    "port "
                        + port(part)
                        + " for the embedded "
                        + part
                        + " is taken: set "
                        + part.portSetting()
                        + " to another one, or "
                        + part.replacement
                        + " to a server of yours")
            .collect(Collectors.joining("; "));
    if (!taken.isEmpty()) {
      throw new StartupException(taken);
    }
  }
}
