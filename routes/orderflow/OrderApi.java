package orderflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.UUID;
import orderflow.email.MailQueue;
import orderflow.intake.GroupCommit;
import orderflow.intake.Overloaded;
import orderflow.intake.Placement;
import orderflow.order.OrderReader;
import orderflow.order.OrderRules;
import orderflow.overview.Orders;
import orderflow.problem.ProblemType;
import orderflow.problem.Refusal;
import org.springframework.stereotype.Component;

/** Orders over HTTP. */
@Component
class OrderApi extends HttpApi {

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
        .process(answer(request -> Answer.found(orders.find(request.uuid("orderId")))))
        .marshal(json);

    from(get("/api/orders")).routeId("list-orders").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          Query query = request.query("customerId", "from", "to", "limit", "cursor");
          return Answer.page("orders", orders.list(
              query.text("customerId", OrderRules.IDENTIFIER),
              query.time("from"), query.time("to"), query.limit(), query.cursor()));
        }))
        .marshal(json);

    from(command("/api/orders/{orderId}/email/resend")).routeId("resend-email").routeConfigurationId(HttpFailures.ID)
        .process(answer(this::resend))
        .marshal(json);
  }

  private Answer place(ApiRequest request, JsonNode body) {
    String key = request.idempotencyKey(OrderRules.REFERENCE);
    try {
      return answerTo(intake.place(OrderReader.read(body).asRequested(key, request.traceParent())));
    } catch (Overloaded e) {
      throw new Refusal(ProblemType.OVERLOADED);
    }
  }

  private Answer resend(ApiRequest request) {
    UUID order = request.uuid("orderId");
    if (!mails.resend(order, request.actor())) {
      throw new Refusal(ProblemType.NOT_FOUND, "There is no such order, or its customer's address was erased.");
    }
    return Answer.accepted(Map.of("orderId", order));
  }

  private static Answer answerTo(Placement placement) {
    if (placement instanceof Placement.Placed placed) {
      return Answer.created("/api/orders/" + placed.order().orderId(), placed.order());
    }
    if (placement instanceof Placement.Replayed replayed) {
      return Answer.created("/api/orders/" + replayed.order().orderId(), replayed.order())
          .with(Answer.IDEMPOTENT_REPLAYED, "true");
    }
    if (placement instanceof Placement.CouponNotRedeemable refused) {
      throw new Refusal(
          ProblemType.COUPON_NOT_REDEEMABLE,
          "The coupon can't be used for this order: " + refused.reason() + ".",
          Map.of("reason", refused.reason()));
    }
    throw new Refusal(ProblemType.IDEMPOTENCY_KEY_REUSED);
  }
}
