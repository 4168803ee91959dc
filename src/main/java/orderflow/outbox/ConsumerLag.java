package orderflow.outbox;

/** How far the consumers of the orders' events are behind. */
@FunctionalInterface
public interface ConsumerLag {

  /**
   * Records that have been published and not been handled yet.
   *
   * @throws RuntimeException if it is not known
   */
  long records();
}
