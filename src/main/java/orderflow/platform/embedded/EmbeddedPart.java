package orderflow.platform.embedded;

/**
 * What can run inside this application, each until its replacement is configured. Started in this
 * order.
 */
public enum EmbeddedPart {
  POSTGRES("PostgreSQL", "spring.datasource.url", "SPRING_DATASOURCE_URL"),
  KAFKA("Kafka", "orderflow.kafka.brokers", "KAFKA_BROKERS"),
  MAILBOX("SMTP mailbox", "orderflow.smtp.host", "SMTP_HOST");

  private final String title;

  /**
   * The setting that names a server elsewhere, and the environment variable an operator sets it
   * with.
   */
  final String replacedBy;

  final String replacement;

  EmbeddedPart(String title, String replacedBy, String replacement) {
    this.title = title;
    this.replacedBy = replacedBy;
    this.replacement = replacement;
  }

  /** The setting of its port. */
  String portSetting() {
    return "orderflow.embedded." + name().toLowerCase(java.util.Locale.ROOT) + ".port";
  }

  @Override
  public String toString() {
    return title;
  }
}
