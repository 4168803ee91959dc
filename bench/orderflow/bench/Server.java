package orderflow.bench;

/**
 * A process that a benchmark starts, kills and starts again, each time on the same port and data.
 */
interface Server extends AutoCloseable {

  /** Starts it and waits until it is ready. */
  void start() throws Exception;

  /** Ends it as a power cut would: nothing is asked, nothing is saved. */
  void kill() throws Exception;

  /** Stops it in good order; a second time, or after a kill, does nothing. */
  @Override
  void close() throws Exception;

  ProcessHandle process();
}
