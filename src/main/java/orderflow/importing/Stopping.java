package orderflow.importing;

/** The application stops; the import goes on at the next start. */
class Stopping extends RuntimeException {

  private static final long serialVersionUID = 1;

  Stopping() {
    super("the application stops", null, false, false);
  }
}
