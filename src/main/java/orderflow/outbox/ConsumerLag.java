package orderflow.outbox;

/** Tells how far the consumers of the orders' events are behind. */
@FunctionalInterface
public interface ConsumerLag {

  /**
   * Records that have been published and not been handled yet.
   *
   * @throws RuntimeException if it can't be told
   */
  long records();
}
