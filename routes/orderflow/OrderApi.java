package orderflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import orderflow.intake.GroupCommit;
import orderflow.intake.Overloaded;
import orderflow.intake.Placement;
import orderflow.order.OrderReader;
import orderflow.problem.ProblemType;
import orderflow.problem.Refusal;
import org.springframework.stereotype.Component;

/** Orders over HTTP. */
@Component
class OrderApi extends HttpApi {

  private final GroupCommit intake;

  OrderApi(ObjectMapper json, GroupCommit intake) {
    super(json);
    this.intake = intake;
  }

  @Override
  public void configure() {
    from(post("/api/orders")).routeId("place-order").routeConfigurationId(HttpFailures.ID)
        .unmarshal(json)
        .process(answer(this::place))
        .marshal(json);
  }

  private Answer place(ApiRequest request, JsonNode body) {
    String key = request.idempotencyKey();
    try {
      return answerTo(intake.place(OrderReader.read(body).withReference(key)));
    } catch (Overloaded e) {
      throw new Refusal(ProblemType.OVERLOADED);
    }
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
