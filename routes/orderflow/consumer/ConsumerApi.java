package orderflow.consumer;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import orderflow.platform.camel.ApiRequest;
import orderflow.platform.camel.ApiResponse;
import orderflow.platform.camel.HttpApi;
import orderflow.platform.camel.HttpFailures;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import org.springframework.stereotype.Component;

/** Consumers over HTTP: which there are, and the pause of those that a shop has added. */
@Component
class ConsumerApi extends HttpApi {

  private final ConsumerDesk desk;

  ConsumerApi(ObjectMapper json, ConsumerDesk desk) {
    super(json);
    this.desk = desk;
  }

  @Override
  public void configure() {
    from(get("/api/consumers")).routeId("list-consumers").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> ApiResponse.ok(Map.of("consumers", desk.list()))))
        .marshal(json);

    from(command("/api/consumers/{name}/pause")).routeId("pause-consumer").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> pause(request, true)))
        .marshal(json);

    from(command("/api/consumers/{name}/resume")).routeId("resume-consumer").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> pause(request, false)))
        .marshal(json);
  }

  private ApiResponse pause(ApiRequest request, boolean paused) {
    String name = request.path("name", OwnConsumerList.NAME);
    return switch (desk.pause(name, paused, request.actor())) {
      case DONE -> ApiResponse.ok(new ConsumerDesk.View(name, true, paused));
      case UNKNOWN -> throw new ProblemException(ProblemType.NOT_FOUND);
      case BUILT_IN -> throw new ProblemException(ProblemType.CONSUMER_BUILT_IN);
    };
  }
}
