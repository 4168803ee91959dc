package orderflow.fileimport;

/** Another instance has gone on with an import that this one took for its own. */
class ImportTakenOver extends RuntimeException {

  private static final long serialVersionUID = 1;

  ImportTakenOver(String file) {
    super("another instance has gone on with the import of " + FileNames.shown(file));
  }
}
