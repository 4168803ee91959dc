package orderflow.fileimport;

/** What became of some orders. */
record Tally(int accepted, int duplicates, int rejected, int skipped) {}
