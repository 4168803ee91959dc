package orderflow.outbox;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a round has read, and whether it left records for want of room.
 *
 * @param records in the order of their ids
 * @param limits of the topics that take fewer than a batch now
 * @param bulkAllowed how many bulk records could be read
 */
record ReadRecords(
    List<OutboxRecord> records, Map<String, Integer> limits, BulkThrottle.Allowance bulkAllowed) {

  /** Records and bytes. */
  private static final class Sum {
    private int records;
    private long bytes;

    void add(OutboxRecord record) {
      records++;
      bytes += record.payload() == null ? 0 : record.payload().length;
    }

    boolean isFull(int batch) {
      return records >= batch || bytes >= OutboxRows.MOST_BYTES;
    }
  }

  /** Whether live records of a topic may have been left. */
  boolean isLiveFull(int batch) {
    Map<String, Sum> live = new HashMap<>();
    for (OutboxRecord record : records) {
      if (!isBulk(record)) {
        live.computeIfAbsent(record.topic(), topic -> new Sum()).add(record);
      }
    }
    return live.entrySet().stream()
        .anyMatch(topic -> !limits.containsKey(topic.getKey()) && topic.getValue().isFull(batch));
  }

  boolean isBulkFull(int batch) {
    Sum bulk = new Sum();
    records.stream().filter(ReadRecords::isBulk).forEach(bulk::add);
    return bulk.isFull(batch);
  }

  int bulk() {
    return (int) records.stream().filter(ReadRecords::isBulk).count();
  }

  private static boolean isBulk(OutboxRecord record) {
    return record.lane() == Priority.BULK.number();
  }
}
