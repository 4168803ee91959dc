package orderflow.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record that a consumer gave up on, as operators see it.
 *
 * @param payload as text, or in Base64 if it is not UTF-8, which {@code payloadEncoding} says
 * @param payloadCut whether only its beginning is shown
 * @param cause the error without the record's own values
 * @param attempts how often the consumer has failed on it
 * @param state a {@link State}, or one that only a newer version knows
 * @param version of its payload: one more with each edit
 * @param edited what an operator has made of the payload, which a replay uses
 */
public record DeadLetter(
    long id,
    String consumer,
    String topic,
    int partition,
    long offset,
    @Nullable String key,
    @Nullable String payload,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String payloadEncoding,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean payloadCut,
    String error,
    String cause,
    int attempts,
    Instant failedAt,
    String state,
    int version,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Edit edited) {

  /** An edit: the payload as {@link DeadLetter} has it, by whom and when. */
  public record Edit(
      @Nullable String payload,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String payloadEncoding,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean payloadCut,
      String by,
      Instant at) {

    Edit withoutContent() {
      return new Edit(null, null, false, by, at);
    }
  }

  /**
   * The same for callers who may not see what is in records: other systems write them, so any part
   * of one may name a person. The cause stands for the error.
   */
  public DeadLetter withoutContent() {
    return new DeadLetter(
        id,
        consumer,
        topic,
        partition,
        offset,
        null,
        null,
        null,
        false,
        cause,
        cause,
        attempts,
        failedAt,
        state,
        version,
        edited == null ? null : edited.withoutContent());
  }

  /** What has become of it. */
  public enum State {
    WAITING,
    REPLAYED,
    DISCARDED
  }
}
