package orderflow.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a consumer needs from each record of a batch. The body becomes the readings; what is
 * no concern of this consumer is left out, and what it can't read goes to the property {@link
 * #FAILED}.
 */
public final class ParseRecords<T> implements Processor {

  public static final String FAILED = "failed";

  /** The property of a batch that is only tried out: nothing of it is filed or measured. */
  public static final String DRY_RUN = "dryRun";

  private final Function<EventRecord, @Nullable T> reader;

  /**
   * @param reader gives null for a record that needs nothing done, and throws {@link InvalidEvent}
   *     for a bad one
   */
  public ParseRecords(Function<EventRecord, @Nullable T> reader) {
    this.reader = reader;
  }

  @Override
  public void process(Exchange exchange) {
    List<ParsedRecord<T>> readings = new ArrayList<>();
    List<FailedRecord> failed = new ArrayList<>();
    for (Object element : exchange.getMessage().getBody(List.class)) {
      EventRecord record = (EventRecord) element;
      try {
        T value = reader.apply(record);
        if (value != null) {
          readings.add(new ParsedRecord<>(record, value));
        }
      } catch (InvalidEvent e) {
        failed.add(new FailedRecord(record, e.fault()));
      } catch (RuntimeException | StackOverflowError e) { // the record's doing, whatever its class
        failed.add(new FailedRecord(record, InvalidEvent.unreadable(e).fault()));
      }
    }
    exchange.setProperty(FAILED, failed);
    exchange.getMessage().setBody(readings);
  }

  /** The readings that are a route's body. */
  @SuppressWarnings("unchecked") // made above
  public static <T> List<ParsedRecord<T>> readings(Exchange exchange) {
    return exchange.getMessage().getBody(List.class);
  }

  /** Whether a batch is only tried out. */
  public static boolean isDryRun(Exchange exchange) {
    return exchange.getProperty(DRY_RUN) != null;
  }

  /** What the consumer has given up on so far. */
  @SuppressWarnings("unchecked") // made above and by Bisect
  public static List<FailedRecord> failed(Exchange exchange) {
    return exchange.getProperty(FAILED, List.of(), List.class);
  }
}
