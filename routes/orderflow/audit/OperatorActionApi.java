package orderflow.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import orderflow.platform.camel.ApiResponse;
import orderflow.platform.camel.HttpApi;
import orderflow.platform.camel.HttpFailures;
import orderflow.platform.camel.QueryParameters;
import org.springframework.stereotype.Component;

/** The record of operators' acts over HTTP. */
@Component
class OperatorActionApi extends HttpApi {

  private final OperatorActions actions;

  OperatorActionApi(ObjectMapper json, OperatorActions actions) {
    super(json);
    this.actions = actions;
  }

  @Override
  public void configure() {
    from(get("/api/operator-actions")).routeId("list-operator-actions").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          QueryParameters query = request.query("limit", "cursor");
          return ApiResponse.page("operatorActions", actions.list(query.limit(), query.cursor()));
        }))
        .marshal(json);
  }
}
