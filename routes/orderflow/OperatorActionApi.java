package orderflow;

import com.fasterxml.jackson.databind.ObjectMapper;
import orderflow.audit.OperatorActions;
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
          Query query = request.query("limit", "cursor");
          return Answer.page("operatorActions", actions.list(query.limit(), query.cursor()));
        }))
        .marshal(json);
  }
}
