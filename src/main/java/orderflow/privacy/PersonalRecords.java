package orderflow.privacy;

import org.jspecify.annotations.Nullable;

/** Records of one kind that may name a person. Each feature that stores such records has one. */
public interface PersonalRecords {

  /** A word that the progress of an erasure is kept under; it never changes. */
  String name();

  /**
   * Erases what is personal in the next of a customer's records, so many that it takes far less
   * than a second, within a transaction of the caller's. The same step again does no harm.
   *
   * @param position where the step before ended; null for the first
   * @return where the next step begins; null if there is none
   */
  @Nullable String eraseSome(ErasedCustomer customer, @Nullable String position);
}
