package orderflow.operation;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.function.BiFunction;
import orderflow.platform.camel.ApiRequest;
import orderflow.platform.camel.ApiResponse;
import orderflow.platform.camel.HttpApi;
import orderflow.platform.camel.HttpFailures;
import orderflow.platform.camel.QueryParameters;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import orderflow.platform.security.Actor;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Long work over HTTP, for operators. */
@Component
public class OperationApi extends HttpApi {

  private final Operations operations;

  OperationApi(ObjectMapper json, Operations operations) {
    super(json);
    this.operations = operations;
  }

  @Override
  public void configure() {
    from(get("/api/operations")).routeId("list-operations").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          QueryParameters query = request.query("state", "limit", "cursor");
          OperationState state = query.oneOf("state", OperationState.class);
          return ApiResponse.page("operations", operations.list(
              state == null ? null : state.name(), query.limit(), query.cursor()));
        }))
        .marshal(json);

    from(get("/api/operations/{id}")).routeId("get-operation").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> ApiResponse.found(operations.find(request.number("id")))))
        .marshal(json);

    from(command("/api/operations/{id}/pause")).routeId("pause-operation").routeConfigurationId(HttpFailures.ID)
        .process(change(operations::pause))
        .marshal(json);

    from(command("/api/operations/{id}/resume")).routeId("resume-operation").routeConfigurationId(HttpFailures.ID)
        .process(change(operations::resume))
        .marshal(json);

    from(command("/api/operations/{id}/cancel")).routeId("cancel-operation").routeConfigurationId(HttpFailures.ID)
        .process(change(operations::cancel))
        .marshal(json);
  }

  private Processor change(BiFunction<Long, Actor, OperationResult> change) {
    return answer((ApiRequest request) -> {
      long id = request.number("id");
      return switch (change.apply(id, request.actor())) {
        case DONE -> ApiResponse.found(operations.find(id));
        case UNKNOWN -> throw new ProblemException(ProblemType.NOT_FOUND);
        case ENDED -> throw new ProblemException(ProblemType.OPERATION_ENDED);
        case NOT_CANCELLABLE -> throw new ProblemException(ProblemType.OPERATION_NOT_CANCELLABLE);
      };
    });
  }
}
