package orderflow.consumer;

/** A record that can never be used as it is, by the consumer that says so. */
public class InvalidEvent extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String fault;

  public InvalidEvent(String fault) {
    super(fault);
    this.fault = fault;
  }

  /** For a record that no rule foresaw: what reading it threw is its own doing. */
  public static InvalidEvent unreadable(Throwable failure) {
    return new InvalidEvent("can't be read: " + failure.getClass().getSimpleName());
  }

  public String fault() {
    return fault;
  }
}
