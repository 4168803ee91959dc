package orderflow.platform.http;

/** A cursor that no list has given out. */
final class InvalidCursor extends RuntimeException {

  private static final long serialVersionUID = 1;

  InvalidCursor() {
    super("cursor must be the value of `next` from a previous response.", null, false, false);
  }
}
