package orderflow.operation;

import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Does operations of one kind, step by step. Each step may be the last one of this instance. */
public interface OperationWork {

  OperationKind kind();

  /** Makes operations of what a version before has begun. */
  default void adopt(OffsetDateTime now) {}

  /**
   * Does one step within a transaction of the caller's, which holds the operation locked.
   *
   * @param allowed how much may be begun now
   */
  Step step(Open operation, int allowed, OffsetDateTime now);

  /**
   * An operation of which something is still to be done or under way.
   *
   * @param atMost how many are to be done; null for all
   * @param stopAfter it fails with so many failures
   */
  record Open(
      long id,
      String state,
      String target,
      @Nullable String cause,
      long total,
      long done,
      long failed,
      @Nullable Integer rate,
      @Nullable Long atMost,
      @Nullable Long stopAfter,
      long position,
      long upTo,
      @Nullable OffsetDateTime pacedAt) {

    public boolean isRunning() {
      return state.equals(OperationState.RUNNING.name());
    }

    public boolean isPaused() {
      return state.equals(OperationState.PAUSED.name());
    }
  }

  /**
   * What a step has found and done.
   *
   * @param done how many were found to be done
   * @param failures those that were found to have failed
   * @param begun how many it has begun
   * @param position where the next step goes on
   * @param underWay how many are under way after it
   * @param isAll whether there is nothing more to begin
   */
  record Step(
      long done, List<Long> failures, int begun, long position, long underWay, boolean isAll) {}
}
