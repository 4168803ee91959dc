package orderflow.outbox;

/** Keeps the records that the broker will never take. */
@FunctionalInterface
public interface RefusedRecords {

  /** Keeps a record, in the transaction that takes it out of the outbox. */
  void file(OutboxRecord record, String error);
}
