package orderflow.order;

import java.util.List;
import java.util.stream.Collectors;

/** An order that breaks rules, with every fault found in it. */
public class InvalidOrder extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<Fault> faults;

  public InvalidOrder(List<Fault> faults) {
    super(faults.stream().map(f -> f.pointer() + " " + f.detail()).collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  public List<Fault> faults() {
    return faults;
  }
}
