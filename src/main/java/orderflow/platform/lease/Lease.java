package orderflow.platform.lease;

/** The right to do one piece of work, until it is released or this instance's term is over. */
public final class Lease implements AutoCloseable {

  private final Leases leases;
  private final String name;
  private final long number;
  private final Term term;
  private volatile boolean released;

  Lease(Leases leases, String name, long number, Term term) {
    this.leases = leases;
    this.name = name;
    this.number = number;
    this.term = term;
  }

  public String name() {
    return name;
  }

  /** The fencing number: it grows with each time that the lease is taken. */
  public long number() {
    return number;
  }

  /** The id of the term that it belongs to. */
  long holder() {
    return term.id();
  }

  /**
   * Whether no other instance can hold it now; asks no database. Once it was not held it never is
   * again, though the term may go on: who gave it up then takes another one.
   */
  public boolean isHeld() {
    if (!released && !term.isValid()) {
      released = true;
    }
    return !released;
  }

  /**
   * Makes sure, within the running transaction, that it is held until that transaction ends.
   *
   * @throws LeaseLost if it is not
   */
  public void confirm() {
    if (!isHeld() || !leases.confirm(this)) {
      throw new LeaseLost(name);
    }
  }

  /** Releases it; where the database can't be reached, as soon as it can. */
  @Override
  public void close() {
    released = true;
    leases.release(this);
  }
}
