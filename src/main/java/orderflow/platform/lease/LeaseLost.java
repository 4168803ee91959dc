package orderflow.platform.lease;

/** Another instance may have taken the work over: nothing more is to be written for it. */
public class LeaseLost extends RuntimeException {

  private static final long serialVersionUID = 1;

  LeaseLost(String name) {
    super("this instance no longer holds the lease " + name);
  }
}
