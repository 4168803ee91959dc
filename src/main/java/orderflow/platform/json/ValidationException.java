package orderflow.platform.json;

import java.util.List;
import java.util.stream.Collectors;

/** A body that breaks rules, with the faults found in it. */
public class ValidationException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<Violation> faults;

  public ValidationException(List<Violation> faults) {
    super(null, null, false, false);
    this.faults = List.copyOf(faults);
  }

  public List<Violation> faults() {
    return faults;
  }

  /** Put together when it is asked for: an answer lists the faults one by one. */
  @Override
  public String getMessage() {
    return faults.stream().map(Violation::toString).collect(Collectors.joining("; "));
  }
}
