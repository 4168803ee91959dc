package orderflow.mail;

import java.util.Arrays;
import java.util.stream.Collectors;
import orderflow.outbox.Priority;

/** Queues of mails, in the order in which they are sent. */
enum MailLane {
  /** Confirmations of orders that were just placed. */
  LIVE(Priority.LIVE.number()),
  /**
   * Mails about reversals. The version before takes no mails of this lane: it would take them for
   * confirmations.
   */
  REVERSAL(2),
  /** Confirmations of a large file's orders. */
  BULK(Priority.BULK.number());

  /** The place of a row's lane in this order, as SQL. */
  static final String RANK =
      Arrays.stream(values())
          .map(lane -> String.valueOf(lane.number))
          .collect(Collectors.joining(", ", "array_position(array[", "], lane::int)"));

  private final int number;

  MailLane(int number) {
    this.number = number;
  }

  /** The lane that is stored under a number. */
  static MailLane stored(int number) {
    return Arrays.stream(values())
        .filter(lane -> lane.number == number)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no lane " + number));
  }

  /** As it is stored. */
  short number() {
    return (short) number;
  }
}
