package orderflow.outbox;

import java.util.ArrayList;
import java.util.List;

/** Keys of topics whose records are not to be read now. */
final class Excluded {

  @SuppressWarnings("ArrayRecordComponent")
  record Key(String topic, byte[] key) {}

  private final List<Key> keys = new ArrayList<>();

  /**
   * @param key empty for records without one
   */
  void add(String topic, byte[] key) {
    keys.add(new Key(topic, key));
  }

  List<Key> keys() {
    return keys;
  }
}
