package orderflow.system;

import com.fasterxml.jackson.databind.ObjectMapper;
import orderflow.platform.camel.ApiResponse;
import orderflow.platform.camel.HttpApi;
import orderflow.platform.camel.HttpFailures;
import org.springframework.stereotype.Component;

/** The installation over HTTP, for operators. */
@Component
class SystemApi extends HttpApi {

  private final SystemReport system;

  SystemApi(ObjectMapper json, SystemReport system) {
    super(json);
    this.system = system;
  }

  @Override
  public void configure() {
    from(get("/api/system")).routeId("show-system").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          request.query();
          return ApiResponse.ok(system.report());
        }))
        .marshal(json);
  }
}
