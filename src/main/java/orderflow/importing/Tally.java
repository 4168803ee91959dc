package orderflow.importing;

/** What became of some orders. */
record Tally(int accepted, int duplicates, int rejected) {}
