package orderflow.fileimport;

import java.util.List;
import orderflow.platform.json.Violation;

/**
 * How the entries of one kind of file are read and taken.
 *
 * @param <T> what an entry asks for
 */
interface Importer<T> {

  FileSubject subject();

  /** Most entries in one transaction. */
  int batch();

  /**
   * Reads an entry.
   *
   * @throws orderflow.platform.json.ValidationException with its faults
   */
  T read(ParsedEntry entry);

  /**
   * Takes entries, in the transaction at hand.
   *
   * @param again whether they are tried once more, since another request has taken the same
   * @return what became of each
   */
  List<Outcome> take(List<T> entries, boolean again);

  /**
   * What became of an entry.
   *
   * @param faults why it is rejected; none if it is not
   */
  record Outcome(Kind kind, List<Violation> faults) {

    static final Outcome ACCEPTED = new Outcome(Kind.ACCEPTED, List.of());
    static final Outcome DUPLICATE = new Outcome(Kind.DUPLICATE, List.of());

    static Outcome rejected(List<Violation> faults) {
      return new Outcome(Kind.REJECTED, faults);
    }

    static Outcome rejected(String pointer, String detail) {
      return rejected(List.of(new Violation(pointer, detail)));
    }

    enum Kind {
      ACCEPTED,
      /** It was there already. */
      DUPLICATE,
      REJECTED
    }
  }
}
