package orderflow.intake;

/** More orders are waiting than are taken on: try again in a moment. */
public class Overloaded extends RuntimeException {

  private static final long serialVersionUID = 1;

  Overloaded(int waiting) {
    super(waiting + " orders are waiting to be saved; no more are taken on for the moment");
  }
}
