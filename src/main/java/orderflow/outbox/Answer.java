package orderflow.outbox;

import orderflow.platform.retry.FailureClassifier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * What became of a record that was handed to the publisher.
 *
 * @param failure null if the broker has it, or if it was not sent
 */
record Answer(OutboxRecord record, Kind kind, @Nullable Throwable failure) {

  /** What follows from an answer. */
  enum Kind {
    /** The broker has it on disk. */
    ACKNOWLEDGED,
    /** It stays for a later round; nothing is wrong with it. */
    NOT_SENT,
    /** The broker will never take it. */
    REFUSED,
    /** It stays, and the later records of its key with it. */
    KEY_FAILED,
    /** No record of its topic can be sent now. */
    TOPIC_FAILED
  }

  static Answer notSent(OutboxRecord record) {
    return new Answer(record, Kind.NOT_SENT, null);
  }

  /**
   * @param atOnce whether the answer came before the record was on its way to a partition
   */
  static Answer of(OutboxRecord record, @Nullable Throwable failure, boolean atOnce) {
    return new Answer(record, failure == null ? Kind.ACKNOWLEDGED : kind(failure, atOnce), failure);
  }

  private static Kind kind(Throwable failure, boolean atOnce) {
    if (FailureClassifier.isRefusedByBroker(failure)) {
      return Kind.REFUSED;
    }
    boolean ofTheTopic =
        atOnce ? has(failure, ApiException.class) : !has(failure, RetriableException.class);
    return ofTheTopic ? Kind.TOPIC_FAILED : Kind.KEY_FAILED;
  }

  boolean isFailure() {
    return kind == Kind.KEY_FAILED || kind == Kind.TOPIC_FAILED;
  }

  /** Whether the broker may be away as a whole. */
  boolean isOfTheBroker() {
    return failure != null
        && (has(failure, RetriableException.class) || has(failure, AuthenticationException.class));
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
    for (@Nullable Throwable cause = failure;
        cause != null;
        cause = cause.getCause() == cause ? null : cause.getCause()) {
      if (kind.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
