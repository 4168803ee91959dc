package orderflow.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A request to replay the waiting dead letters of a consumer.
 *
 * @param cause of this cause alone; null for all
 * @param replays how many waited for that
 * @param more whether there are more than these: so many are not counted
 * @param operation the operation that replays them
 */
public record ReplayRequest(
    String consumer,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String cause,
    long replays,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean more,
    long operation) {}
