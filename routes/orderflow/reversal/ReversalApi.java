package orderflow.reversal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import orderflow.order.OrderRules;
import orderflow.platform.camel.ApiRequest;
import orderflow.platform.camel.ApiResponse;
import orderflow.platform.camel.HttpApi;
import orderflow.platform.camel.HttpFailures;
import orderflow.platform.camel.QueryParameters;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import orderflow.platform.security.Role;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Cancellations, returns, goodwill and their refunds over HTTP. */
@Component
public class ReversalApi extends HttpApi {

  private final Reversals reversals;
  private final Refunds refunds;

  ReversalApi(ObjectMapper json, Reversals reversals, Refunds refunds) {
    super(json);
    this.reversals = reversals;
    this.refunds = refunds;
  }

  @Override
  public void configure() {
    from(post("/api/orders/{orderId}/reversals/preview")).routeId("preview-reversal").routeConfigurationId(HttpFailures.ID)
        .unmarshal(json)
        .process(answer(this::preview))
        .marshal(json);

    from(post("/api/orders/{orderId}/cancel")).routeId("cancel-order").routeConfigurationId(HttpFailures.ID)
        .unmarshal(json)
        .process(reverse(ReversalReader::cancel))
        .marshal(json);

    from(post("/api/orders/{orderId}/returns")).routeId("return-items").routeConfigurationId(HttpFailures.ID)
        .unmarshal(json)
        .process(reverse(ReversalReader::giveBack))
        .marshal(json);

    from(post("/api/orders/{orderId}/goodwill")).routeId("give-goodwill").routeConfigurationId(HttpFailures.ID)
        .unmarshal(json)
        .process(reverse(ReversalReader::goodwill))
        .marshal(json);

    from(get("/api/orders/{orderId}/reversals")).routeId("list-reversals-of-order").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> ApiResponse.found(
            refunds.ofOrder(request.uuid("orderId")).map(found -> Map.of("reversals", found)))))
        .marshal(json);

    from(get("/api/reversals")).routeId("list-reversals").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          QueryParameters query = request.query("refundState", "from", "to", "limit", "cursor");
          return ApiResponse.page("reversals", refunds.list(
              query.oneOf("refundState", RefundState.class),
              query.time("from"), query.time("to"), query.limit(), query.cursor()));
        }))
        .marshal(json);

    from(get("/api/reversals/{id}")).routeId("get-reversal").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> ApiResponse.found(refunds.find(request.uuid("id")))))
        .marshal(json);

    from(post("/api/reversals/{id}/refund")).routeId("report-refund").routeConfigurationId(HttpFailures.ID)
        .unmarshal(json)
        .process(answer(this::report))
        .marshal(json);
  }

  private Processor reverse(Function<JsonNode, ReversalRequest> reader) {
    return answer((request, body) -> {
      String key = request.requiredIdempotencyKey(OrderRules.REFERENCE);
      UUID order = request.uuid("orderId");
      return answerTo(reversals.reverse(
          order,
          reader.apply(body),
          new Reversals.Command(key, request.requiredVersions(), request.actor(), !request.may(Role.OPERATOR))));
    });
  }

  private ApiResponse preview(ApiRequest request, JsonNode body) {
    Reversals.Preview preview =
        reversals.preview(request.uuid("orderId"), ReversalReader.preview(body), request.actor());
    ReversalResult.Done plan = done(preview.result());
    Integer version = preview.version();
    return version == null ? ApiResponse.ok(plan.plan()) : ApiResponse.ok(plan.plan()).ofVersion(version);
  }

  private ApiResponse report(ApiRequest request, JsonNode body) {
    UUID id = request.uuid("id");
    return switch (refunds.report(id, RefundReader.read(body), request.actor())) {
      case NOTED -> ApiResponse.found(refunds.find(id));
      case UNKNOWN -> throw new ProblemException(ProblemType.NOT_FOUND);
      case SETTLED -> throw new ProblemException(ProblemType.REFUND_SETTLED);
    };
  }

  private static ApiResponse answerTo(ReversalResult result) {
    ReversalResult.Done done = done(result);
    ApiResponse response = ApiResponse.created("/api/reversals/" + done.id(), done.plan());
    return done.replayed() ? response.with(ApiResponse.IDEMPOTENT_REPLAYED, "true") : response;
  }

  private static ReversalResult.Done done(ReversalResult result) {
    if (result instanceof ReversalResult.Done done) {
      return done;
    }
    if (result instanceof ReversalResult.AlreadyCancelled) {
      throw new ProblemException(ProblemType.ORDER_ALREADY_CANCELLED);
    }
    if (result instanceof ReversalResult.HasReturns) {
      throw new ProblemException(ProblemType.ORDER_HAS_RETURNS);
    }
    if (result instanceof ReversalResult.NothingLeft left) {
      throw problem(ProblemType.NOTHING_LEFT_TO_RETURN, Map.of("remaining", left.remaining()));
    }
    if (result instanceof ReversalResult.RefundOverTotal over) {
      throw problem(ProblemType.REFUND_OVER_TOTAL, Map.of("maximum", over.maximum().toPlainString()));
    }
    if (result instanceof ReversalResult.ReferenceTaken) {
      throw new ProblemException(ProblemType.IDEMPOTENCY_KEY_REUSED);
    }
    if (result instanceof ReversalResult.OtherVersion other) {
      throw problem(ProblemType.PRECONDITION_FAILED, Map.of("version", other.version()));
    }
    if (result instanceof ReversalResult.OverLimit over) {
      throw problem(ProblemType.OVER_SUPPORT_LIMIT, Map.of("limit", over.limit().toPlainString()));
    }
    throw new ProblemException(ProblemType.NOT_FOUND);
  }

  private static ProblemException problem(ProblemType type, Map<String, ?> extensions) {
    return new ProblemException(type, type.meaning(), extensions);
  }
}
