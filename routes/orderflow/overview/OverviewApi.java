package orderflow.overview;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import orderflow.platform.camel.ApiResponse;
import orderflow.platform.camel.HttpApi;
import orderflow.platform.camel.HttpFailures;
import org.springframework.stereotype.Component;

/** The stories of orders, and what a person should look at, over HTTP. */
@Component
public class OverviewApi extends HttpApi {

  private final Timelines timelines;
  private final NeedsAttention needsAttention;

  OverviewApi(ObjectMapper json, Timelines timelines, NeedsAttention needsAttention) {
    super(json);
    this.timelines = timelines;
    this.needsAttention = needsAttention;
  }

  @Override
  public void configure() {
    from(get("/api/orders/{orderId}/timeline")).routeId("get-timeline").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> ApiResponse.found(timelines.find(request.uuid("orderId")))))
        .marshal(json);

    from(get("/api/needs-attention")).routeId("get-needs-attention").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> ApiResponse.ok(Map.of("items", needsAttention.items()))))
        .marshal(json);
  }
}
