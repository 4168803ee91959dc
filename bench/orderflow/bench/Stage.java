package orderflow.bench;

/** A part of the benchmark. */
interface Stage {

  /** Measures on what is running, and leaves nothing unfinished behind. */
  void run(Rig rig, Report report) throws Exception;
}
