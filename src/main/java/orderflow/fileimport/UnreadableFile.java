package orderflow.fileimport;

/**
 * A file that can't be read as what its name says, in one sentence: what is wrong, where, what to
 * do.
 */
class UnreadableFile extends RuntimeException {

  private static final long serialVersionUID = 1;

  UnreadableFile(String sentence) {
    super(sentence);
  }
}
