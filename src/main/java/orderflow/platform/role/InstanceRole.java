package orderflow.platform.role;

/** A part of the work that an instance does or leaves to others. */
public enum InstanceRole {
  /** Answers the API: orders, reads and operators' calls. */
  HTTP,
  /** Sends the outbox to Kafka; one instance of those with this role at a time. */
  RELAY,
  /**
   * Reads completed orders, for the built-in consumers and the shop's own, and replays dead
   * letters.
   */
  CONSUMERS,
  /** Sends the mails that are due. */
  MAILS,
  /** Imports the files of the inbox. */
  IMPORTS,
  /** Reconciles, erases personal data, and deletes what has been kept for long enough. */
  MAINTENANCE
}
