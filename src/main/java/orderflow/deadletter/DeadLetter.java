package orderflow.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record that a consumer gave up on, as operators see it.
 *
 * @param payload as text, or in Base64 if it is no UTF-8, which {@code payloadEncoding} tells
 * @param payloadCut whether only its beginning is shown
 * @param attempts how often the consumer has failed on it
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
    int attempts,
    Instant failedAt,
    State state) {

  /** The same for those who may not see names and addresses. */
  public DeadLetter masked() {
    PayloadText shown = new PayloadText(payload, payloadEncoding).masked();
    return new DeadLetter(
        id,
        consumer,
        topic,
        partition,
        offset,
        key == null ? null : PayloadText.maskAddresses(key),
        shown.text(),
        shown.encoding(),
        payloadCut,
        PayloadText.maskAddresses(error),
        attempts,
        failedAt,
        state);
  }

  /** What has become of it. */
  public enum State {
    WAITING,
    REPLAYED,
    DISCARDED
  }
}
