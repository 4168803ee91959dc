package orderflow.importing;

import java.util.ArrayList;
import java.util.List;
import orderflow.json.InvalidBody;
import orderflow.order.NewOrder;
import org.jspecify.annotations.Nullable;

/**
 * Orders of a file that are placed together.
 *
 * @param drop the file as it was by the time they had been read; it may have grown
 * @param bytesRead of the file on disk by then
 */
record Batch(List<Entry> entries, DropIdentity drop, long bytesRead) {

  /** An order, or else why it is none. */
  record Entry(Candidate candidate, @Nullable NewOrder order, @Nullable String refusal) {

    static Entry of(Candidate candidate) {
      try {
        return new Entry(candidate, candidate.read(), null);
      } catch (InvalidBody e) {
        return refused(candidate, String.valueOf(e.getMessage()));
      }
    }

    static Entry refused(Candidate candidate, String why) {
      return new Entry(candidate, null, why);
    }
  }

  List<NewOrder> orders() {
    List<NewOrder> orders = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.order != null) {
        orders.add(entry.order);
      }
    }
    return orders;
  }

  /** How many bytes of the content lie before what follows the batch. */
  long end() {
    return entries.get(entries.size() - 1).candidate().end();
  }

  int rows() {
    return entries.stream().mapToInt(entry -> entry.candidate().rows().size()).sum();
  }

  List<Batch> halves() {
    int middle = entries.size() / 2;
    return List.of(with(entries.subList(0, middle)), with(entries.subList(middle, entries.size())));
  }

  Batch with(List<Entry> others) {
    return new Batch(others, drop, bytesRead);
  }
}
