package orderflow.fileimport;

/** The application stops; the import goes on at the next start. */
class ImportInterrupted extends RuntimeException {

  private static final long serialVersionUID = 1;

  ImportInterrupted() {
    super("the application stops", null, false, false);
  }
}
