package orderflow.order;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import orderflow.intake.GroupCommit;
import orderflow.intake.Overloaded;
import orderflow.intake.PlacementResult;
import orderflow.mail.MailQueue;
import orderflow.overview.OrderFilter;
import orderflow.overview.Orders;
import orderflow.platform.camel.ApiRequest;
import orderflow.platform.camel.ApiResponse;
import orderflow.platform.camel.HttpApi;
import orderflow.platform.camel.HttpFailures;
import orderflow.platform.camel.QueryParameters;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import orderflow.platform.json.ValidationException;
import orderflow.platform.json.Violation;
import org.springframework.stereotype.Component;

/** Orders over HTTP. */
@Component
public class OrderApi extends HttpApi {

  private final GroupCommit intake;
  private final Orders orders;
  private final MailQueue mails;

  OrderApi(ObjectMapper json, GroupCommit intake, Orders orders, MailQueue mails) {
    super(json);
    this.intake = intake;
    this.orders = orders;
    this.mails = mails;
  }

  @Override
  public void configure() {
    from(post("/api/orders")).routeId("place-order").routeConfigurationId(HttpFailures.ID)
        .unmarshal(json)
        .process(answer(this::place))
        .marshal(json);

    from(get("/api/orders/{orderId}")).routeId("get-order").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> ApiResponse.found(orders.find(request.uuid("orderId")))))
        .marshal(json)
        .process(withEntityTag());

    from(get("/api/orders")).routeId("list-orders").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          QueryParameters query = request.query(
              "customerId", "reference", "number", "status", "from", "to", "limit", "cursor");
          OrderFilter filter = new OrderFilter(
              query.text("customerId", OrderRules.CUSTOMER),
              query.text("reference", OrderRules.REFERENCE),
              query.text("number", OrderRules.KNOWN_NUMBER),
              query.oneOf("status", OrderStatus.class),
              query.time("from"), query.time("to"));
          return ApiResponse.page("orders", orders.list(filter, query.limit(), query.cursor()));
        }))
        .marshal(json);

    from(command("/api/orders/{orderId}/email/resend")).routeId("resend-email").routeConfigurationId(HttpFailures.ID)
        .process(answer(this::resend))
        .marshal(json);
  }

  private ApiResponse place(ApiRequest request, JsonNode body) {
    String key = request.idempotencyKey(OrderRules.REFERENCE);
    try {
      return answerTo(intake.place(OrderReader.read(body).asRequested(key, request.traceParent())));
    } catch (Overloaded e) {
      throw new ProblemException(ProblemType.OVERLOADED);
    }
  }

  private ApiResponse resend(ApiRequest request) {
    UUID order = request.uuid("orderId");
    return switch (mails.resend(order, request.actor())) {
      case QUEUED -> ApiResponse.accepted(Map.of("orderId", order));
      case ORDER_CANCELLED -> throw new ProblemException(
          ProblemType.ORDER_ALREADY_CANCELLED, "The order was cancelled, so that it gets no confirmation.");
      case NO_ADDRESS -> throw new ProblemException(
          ProblemType.NOT_FOUND, "There is no such order, or its customer has no address.");
    };
  }

  private static ApiResponse answerTo(PlacementResult placement) {
    if (placement instanceof PlacementResult.Placed placed) {
      return ApiResponse.created("/api/orders/" + placed.order().orderId(), placed.order());
    }
    if (placement instanceof PlacementResult.Replayed replayed) {
      return ApiResponse.created("/api/orders/" + replayed.order().orderId(), replayed.order())
          .with(ApiResponse.IDEMPOTENT_REPLAYED, "true");
    }
    if (placement instanceof PlacementResult.CouponNotRedeemable refused) {
      throw new ProblemException(
          ProblemType.COUPON_NOT_REDEEMABLE,
          "The coupon can't be used for this order: " + refused.reason() + ".",
          Map.of("reason", refused.reason()));
    }
    if (placement instanceof PlacementResult.OverSubtotal) {
      throw new ValidationException(List.of(new Violation("/discounts", OrderReader.OVER_SUBTOTAL)));
    }
    throw new ProblemException(ProblemType.IDEMPOTENCY_KEY_REUSED);
  }
}
