package orderflow.event;

/** A record that can never be used as it is, by the consumer that says so. */
public class BadEvent extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String fault;

  public BadEvent(String fault) {
    super(fault);
    this.fault = fault;
  }

  public String fault() {
    return fault;
  }
}
