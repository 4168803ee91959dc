package orderflow.reversal;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Set;
import orderflow.order.OrderRules;
import orderflow.platform.json.JsonObjectReader;
import orderflow.platform.json.TextRule;
import org.jspecify.annotations.Nullable;

/** Reads what the payment system reports of a refund. */
public final class RefundReader {

  private static final Set<String> FIELDS = Set.of("state", "reference", "at", "detail");
  private static final TextRule STATE =
      new TextRule(
          "must be SETTLED, FAILED, or DUE for one that is tried again",
          t -> Set.of("SETTLED", "FAILED", "DUE").contains(t));
  private static final TextRule TIME =
      new TextRule("must be a time such as 2026-11-22T05:00:00Z", t -> time(t) != null);

  private RefundReader() {}

  /**
   * Reads the body of a report.
   *
   * @throws orderflow.platform.json.ValidationException with all faults
   */
  public static Refunds.Report read(JsonNode json) {
    JsonObjectReader body = JsonObjectReader.of(json, FIELDS);
    String state = body.text("state", STATE);
    String reference = body.textOrAbsent("reference", OrderRules.REFERENCE);
    if (reference == null && "SETTLED".equals(state) && json.path("reference").asText().isEmpty()) {
      body.fault("reference", "is required: the payment's");
    }
    String at = body.textOrAbsent("at", TIME);
    String detail = body.textOrAbsent("detail", OrderRules.NAME);
    body.check();
    return new Refunds.Report(
        RefundState.valueOf(Objects.requireNonNull(state)),
        reference,
        at == null ? null : time(at),
        detail);
  }

  private static @Nullable Instant time(String text) {
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      return time.getYear() < 1970 || time.getYear() > 9999 ? null : time.toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
