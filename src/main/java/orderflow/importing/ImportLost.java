package orderflow.importing;

/** Another instance has gone on with an import that this one took for its own. */
class ImportLost extends RuntimeException {

  private static final long serialVersionUID = 1;

  ImportLost(String file) {
    super("another instance has gone on with the import of " + FileNames.shown(file));
  }
}
