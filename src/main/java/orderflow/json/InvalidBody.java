package orderflow.json;

import java.util.List;
import java.util.stream.Collectors;

/** A body that breaks rules, with every fault found in it. */
public class InvalidBody extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<Fault> faults;

  public InvalidBody(List<Fault> faults) {
    super(faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  public List<Fault> faults() {
    return faults;
  }
}
