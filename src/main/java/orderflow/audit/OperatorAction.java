package orderflow.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An act on record.
 *
 * @param action one of {@link Action}, or one that only a newer version knows
 * @param detail what else belongs to the act; nothing personal
 */
public record OperatorAction(
    long id,
    Instant at,
    String actor,
    String role,
    String action,
    String targetKind,
    String targetId,
    @Nullable String requestId,
    JsonNode detail) {}
