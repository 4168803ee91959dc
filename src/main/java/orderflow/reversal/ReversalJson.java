package orderflow.reversal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.math.BigDecimal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reversals as JSON: the answer that is kept, and what a request is known by. */
final class ReversalJson {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private static final ObjectWriter REQUEST =
      new JsonMapper().enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN).writer();

  private ReversalJson() {}

  static JsonNode of(ReversalPlan plan) {
    return JSON.valueToTree(plan);
  }

  static ReversalPlan plan(JsonNode json) {
    try {
      return JSON.treeToValue(json, ReversalPlan.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored reversal can't be read", e);
    }
  }

  static JsonNode read(String plan) {
    try {
      return JSON.readTree(plan);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored reversal can't be read", e);
    }
  }

  /** The plan of something that was rolled back has no id and no time. */
  static ReversalResult.Done asPreview(ReversalResult.Done done) {
    ObjectNode plan = done.plan().deepCopy();
    plan.putNull("reversalId");
    plan.putNull("createdAt");
    return new ReversalResult.Done(done.id(), plan, false);
  }

  /** A kept plan with its refund as it stands now. */
  static JsonNode withRefund(
      String plan,
      RefundState state,
      @Nullable String reference,
      @Nullable Instant at,
      @Nullable String detail) {
    JsonNode tree = read(plan);
    ObjectNode refund = (ObjectNode) tree.get("refund");
    refund.put("state", state.name());
    put(refund, "reference", reference);
    put(refund, "at", at == null ? null : at.toString());
    put(refund, "detail", detail);
    return tree;
  }

  private static void put(ObjectNode node, String field, @Nullable String value) {
    if (value != null) {
      node.put(field, value);
    }
  }

  /** SHA-256 over what a request means, not how it was written. */
  static byte[] fingerprint(ReversalRequest request) {
    List<ReversalRequest.ReturnedItem> items = request.items();
    BigDecimal amount = request.amount();
    ReversalRequest plain =
        new ReversalRequest(
            request.kind(),
            items == null
                ? null
                : items.stream()
                    .sorted(Comparator.comparing(ReversalRequest.ReturnedItem::position))
                    .toList(),
            request.reason(),
            request.note(),
            amount == null ? null : amount.stripTrailingZeros(),
            request.why(),
            request.couponPolicy(),
            request.belowMinimum(),
            request.shortfall(),
            request.takesPoints(),
            request.refundsCharges(),
            request.notifies());
    try {
      return MessageDigest.getInstance("SHA-256").digest(REQUEST.writeValueAsBytes(plain));
    } catch (NoSuchAlgorithmException | JsonProcessingException e) {
      throw new IllegalStateException("a request's fingerprint can't be made", e);
    }
  }
}
