package orderflow.event;

/** A record that can never be used as it is, by the consumer that says so. */
public class BadEvent extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String fault;

  public BadEvent(String fault) {
    super(fault);
    this.fault = fault;
  }

  /** For a record that no rule foresaw: what reading it threw is its own doing. */
  public static BadEvent unreadable(Throwable failure) {
    return new BadEvent("can't be read: " + failure.getClass().getSimpleName());
  }

  public String fault() {
    return fault;
  }
}
