package orderflow.platform.jdbc;

/**
 * The part of the application that a thread works for. Each part has database connections of its
 * own, so that none can starve another. A thread that has not entered one works for {@link #FLOW}.
 */
public enum Bulkhead {
  /** Commits of orders. */
  INTAKE,
  /** Consumers, relay, mails, imports, and whatever else runs by itself. */
  FLOW,
  /** Reads and operators' calls over HTTP. */
  REQUESTS,
  /** Health and metrics. */
  HEALTH,
  /** Work that may take minutes, such as the erasure of a customer's data. */
  MAINTENANCE;

  private static final ThreadLocal<Bulkhead> CURRENT = ThreadLocal.withInitial(() -> FLOW);

  /** Work that may fail. */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    T call() throws E;
  }

  /** Work that may fail and has no result. */
  @FunctionalInterface
  public interface Action<E extends Exception> {
    void run() throws E;
  }

  /** The one that this thread is in. */
  static Bulkhead current() {
    return CURRENT.get();
  }

  /** Puts this thread into another one and returns the one it was in. */
  static Bulkhead enter(Bulkhead next) {
    Bulkhead before = CURRENT.get();
    CURRENT.set(next);
    return before;
  }

  /**
   * Does some work with the connections of this bulkhead. A transaction that is open already keeps
   * its connection.
   */
  public <T, E extends Exception> T call(Work<T, E> work) throws E {
    Bulkhead before = enter(this);
    try {
      return work.call();
    } finally {
      enter(before);
    }
  }

  /** As {@link #call}, without a result. */
  public <E extends Exception> void run(Action<E> work) throws E {
    Bulkhead before = enter(this);
    try {
      work.run();
    } finally {
      enter(before);
    }
  }
}
