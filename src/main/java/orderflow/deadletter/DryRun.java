package orderflow.deadletter;

import java.util.List;

/**
 * What a replay of a dead letter would do now.
 *
 * @param version of the payload that was tried
 * @param passes whether no check has failed
 */
public record DryRun(long id, int version, boolean passes, List<Check> checks) {

  /** What is looked at, in this order; what follows a failure is skipped. */
  public enum Name {
    /** Whether it is an event in JSON. */
    PARSE,
    /** Whether it has what the consumer needs. */
    SCHEMA,
    /** Whether its order is known here. */
    ORDER,
    /** Whether its mail can be written. */
    TEMPLATE,
    /** Whether the consumer's own statements work; they are rolled back. */
    APPLY
  }

  /** What a look has shown. */
  public enum Outcome {
    PASSED,
    /** Unusual, but no obstacle. */
    NOTE,
    FAILED,
    SKIPPED
  }

  /**
   * One look.
   *
   * @param text in a few words
   */
  public record Check(Name check, Outcome outcome, String text) {}
}
