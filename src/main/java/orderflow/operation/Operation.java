package orderflow.operation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operation as people see it.
 *
 * @param kind an {@link OperationKind}, or one that only a newer version knows
 * @param target a consumer, or a customer's id; one that is an e-mail address as its SHA-256
 * @param cause of a replay: of this cause alone
 * @param total an estimate until it has ended
 * @param rate most in a second; null if it is not paced
 * @param finishedAt null while anything of it is under way
 * @param failures the first dead letters that failed again
 */
public record Operation(
    long id,
    String kind,
    String target,
    @Nullable String cause,
    String state,
    long total,
    long done,
    long failed,
    @Nullable Integer rate,
    String startedBy,
    Instant startedAt,
    @Nullable Instant finishedAt,
    List<Long> failures) {

  @JsonIgnore
  public boolean isPausable() {
    return state.equals(OperationState.RUNNING.name());
  }

  @JsonIgnore
  public boolean isResumable() {
    return state.equals(OperationState.PAUSED.name());
  }

  @JsonIgnore
  public boolean isCancellable() {
    return (isPausable() || isResumable()) && OperationKind.canBeCancelled(kind);
  }
}
