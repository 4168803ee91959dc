package orderflow.reversal;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import orderflow.platform.json.JsonObjectReader;
import orderflow.platform.json.TextRule;
import orderflow.reversal.ReversalRequest.BelowMinimum;
import orderflow.reversal.ReversalRequest.CouponPolicy;
import orderflow.reversal.ReversalRequest.Reason;
import orderflow.reversal.ReversalRequest.ReturnedItem;
import orderflow.reversal.ReversalRequest.Shortfall;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of the calls that take orders back. */
public final class ReversalReader {

  private static final int MOST_ITEMS = 200;
  private static final int MOST_UNITS = 9_999;
  private static final String ALL = "REST";

  private static final Set<String> CANCEL = Set.of("reason", "note", "couponPolicy", "notify");
  private static final Set<String> RETURN =
      Set.of(
          "items",
          "reason",
          "note",
          "couponPolicy",
          "belowMinimum",
          "shortfall",
          "charges",
          "refund",
          "notify");
  private static final Set<String> GOODWILL = Set.of("amount", "why", "points");
  private static final Set<String> ITEM = Set.of("position", "quantity");
  private static final Set<String> REFUND = Set.of("amount", "why");

  /** Free text of people. */
  private static final TextRule NOTE =
      new TextRule(
          "must be 1 to 1,000 characters and no control characters but line ends",
          t ->
              !t.isBlank()
                  && t.codePointCount(0, t.length()) <= 1_000
                  && t.codePoints().noneMatch(ReversalReader::isUnfit));

  private ReversalReader() {}

  /**
   * Reads the body of a cancellation.
   *
   * @throws orderflow.platform.json.ValidationException with all faults
   */
  public static ReversalRequest cancel(JsonNode json) {
    JsonObjectReader body = JsonObjectReader.of(json, CANCEL);
    Reason reason = oneOf(body, "reason", Reason.class, null);
    require(body, "reason", json);
    ReversalRequest request = cancel(json, body, reason);
    body.check();
    return request;
  }

  /**
   * Reads the body of a return.
   *
   * @throws orderflow.platform.json.ValidationException with all faults
   */
  public static ReversalRequest giveBack(JsonNode json) {
    JsonObjectReader body = JsonObjectReader.of(json, RETURN);
    Reason reason = oneOf(body, "reason", Reason.class, null);
    require(body, "reason", json);
    ReversalRequest request = giveBack(json, body, reason);
    body.check();
    return request;
  }

  /**
   * Reads the body of goodwill.
   *
   * @throws orderflow.platform.json.ValidationException with all faults
   */
  public static ReversalRequest goodwill(JsonNode json) {
    JsonObjectReader body = JsonObjectReader.of(json, GOODWILL);
    require(body, "why", json);
    ReversalRequest request = goodwill(body);
    body.check();
    return request;
  }

  /**
   * Reads the body of a preview: that of the act with its {@code kind}, which needs no reason yet.
   *
   * @throws orderflow.platform.json.ValidationException with all faults
   */
  public static ReversalRequest preview(JsonNode json) {
    String named = json.path("kind").asText();
    ReversalKind kind =
        Arrays.stream(ReversalKind.values())
            .filter(known -> known.name().equals(named))
            .findFirst()
            .orElse(null);
    Set<String> known =
        kind == null
            ? union(CANCEL, RETURN, GOODWILL)
            : switch (kind) {
              case CANCEL -> CANCEL;
              case RETURN -> RETURN;
              case GOODWILL -> GOODWILL;
            };
    JsonObjectReader body = JsonObjectReader.of(json, union(known, Set.of("kind")));
    if (kind == null) {
      body.fault("kind", "must be one of CANCEL, RETURN, GOODWILL");
      body.check();
    }
    ReversalRequest request =
        switch (Objects.requireNonNull(kind)) {
          case CANCEL -> cancel(json, body, oneOf(body, "reason", Reason.class, null));
          case RETURN -> giveBack(json, body, oneOf(body, "reason", Reason.class, null));
          case GOODWILL -> goodwill(body);
        };
    body.check();
    return request;
  }

  private static ReversalRequest cancel(
      JsonNode json, JsonObjectReader body, @Nullable Reason reason) {
    return new ReversalRequest(
        ReversalKind.CANCEL,
        null,
        reason,
        body.textOrAbsent("note", NOTE),
        null,
        null,
        couponPolicy(body),
        BelowMinimum.KEEP,
        Shortfall.DEBT,
        false,
        true,
        isNotified(json, body));
  }

  private static ReversalRequest giveBack(
      JsonNode json, JsonObjectReader body, @Nullable Reason reason) {
    JsonNode sent = json.path("items");
    boolean isAll = sent.isTextual() && sent.textValue().equals(ALL);
    List<ReturnedItem> items =
        isAll ? null : body.objects("items", MOST_ITEMS, ITEM, ReversalReader::item);
    if (items != null) {
      Set<Integer> positions = new HashSet<>();
      for (ReturnedItem item : items) {
        if (!positions.add(item.position())) {
          body.fault("items", "names position " + item.position() + " more than once");
        }
      }
    }
    Refund refund =
        body.has("refund") ? body.object("refund", REFUND, ReversalReader::refund) : null;
    return new ReversalRequest(
        ReversalKind.RETURN,
        items,
        reason,
        body.textOrAbsent("note", NOTE),
        refund == null ? null : refund.amount,
        refund == null ? null : refund.why,
        couponPolicy(body),
        Objects.requireNonNull(oneOf(body, "belowMinimum", BelowMinimum.class, BelowMinimum.KEEP)),
        Objects.requireNonNull(oneOf(body, "shortfall", Shortfall.class, Shortfall.DEBT)),
        false,
        "REFUND".equals(oneOf(body, "charges", "KEEP", "REFUND")),
        isNotified(json, body));
  }

  private static ReversalRequest goodwill(JsonObjectReader body) {
    BigDecimal amount = positive(body, "amount");
    return new ReversalRequest(
        ReversalKind.GOODWILL,
        null,
        null,
        null,
        amount,
        body.textOrAbsent("why", NOTE),
        CouponPolicy.KEEP_USED,
        BelowMinimum.KEEP,
        Shortfall.DEBT,
        "REVERSE".equals(oneOf(body, "points", "KEEP", "REVERSE")),
        false,
        false);
  }

  private record Refund(BigDecimal amount, String why) {}

  private static @Nullable Refund refund(JsonObjectReader body) {
    BigDecimal amount = body.decimal("amount");
    if (amount != null && amount.signum() < 0) {
      body.fault("amount", "must not be negative");
    }
    String why = body.text("why", NOTE);
    return amount == null || why == null ? null : new Refund(amount, why);
  }

  private static @Nullable ReturnedItem item(JsonObjectReader body) {
    Integer position = body.integer("position", 0, MOST_ITEMS - 1);
    Integer quantity = body.integer("quantity", 1, MOST_UNITS);
    return position == null || quantity == null ? null : new ReturnedItem(position, quantity);
  }

  private static @Nullable BigDecimal positive(JsonObjectReader body, String field) {
    BigDecimal amount = body.decimal(field);
    if (amount != null && amount.signum() <= 0) {
      body.fault(field, "must be over 0");
    }
    return amount;
  }

  private static CouponPolicy couponPolicy(JsonObjectReader body) {
    return Objects.requireNonNull(
        oneOf(body, "couponPolicy", CouponPolicy.class, CouponPolicy.RELEASE));
  }

  private static boolean isNotified(JsonNode json, JsonObjectReader body) {
    JsonNode notify = json.path("notify");
    if (body.has("notify") && !notify.isBoolean()) {
      body.fault("notify", "must be true or false");
    }
    return notify.asBoolean(true);
  }

  /** Control characters but line ends, and halves of surrogate pairs, which UTF-8 can't express. */
  private static boolean isUnfit(int codePoint) {
    return Character.isISOControl(codePoint) && codePoint != '\n' && codePoint != '\r'
        || Character.getType(codePoint) == Character.SURROGATE;
  }

  private static void require(JsonObjectReader body, String field, JsonNode json) {
    if (json.isObject() && json.path(field).asText().isEmpty()) {
      body.fault(field, "is required");
    }
  }

  private static <E extends Enum<E>> @Nullable E oneOf(
      JsonObjectReader body, String field, Class<E> choices, @Nullable E otherwise) {
    String named =
        oneOf(
            body,
            field,
            Arrays.stream(choices.getEnumConstants()).map(Enum::name).toArray(String[]::new));
    return named == null ? otherwise : Enum.valueOf(choices, named);
  }

  private static @Nullable String oneOf(JsonObjectReader body, String field, String... choices) {
    List<String> known = List.of(choices);
    return body.textOrAbsent(
        field, new TextRule("must be one of " + String.join(", ", known), known::contains));
  }

  @SafeVarargs
  private static Set<String> union(Set<String>... sets) {
    return Stream.of(sets).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
  }
}
