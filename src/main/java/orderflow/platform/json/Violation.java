package orderflow.platform.json;

/**
 * One thing wrong with a body.
 *
 * @param pointer where, as a JSON Pointer (RFC 6901); empty for the whole
 * @param detail what is expected there, without the value that was sent
 */
public record Violation(String pointer, String detail) {

  @Override
  public String toString() {
    return pointer.isEmpty() ? detail : pointer + " " + detail;
  }
}
