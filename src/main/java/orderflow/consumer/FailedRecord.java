package orderflow.consumer;

/**
 * A record that a consumer gave up on.
 *
 * @param error why, in at most 1,000 characters that PostgreSQL can store
 * @param comesTooEarly whether it may work later, and so is tried again by itself for a day
 */
public record FailedRecord(EventRecord record, String error, boolean comesTooEarly) {

  private static final int LONGEST_ERROR = 1_000;

  public FailedRecord(EventRecord record, String error) {
    this(record, error, false);
  }

  public FailedRecord {
    String storable = error.replace("\0", "\\0");
    error = storable.length() > LONGEST_ERROR ? storable.substring(0, LONGEST_ERROR) : storable;
  }
}
