package orderflow.fileimport;

import com.fasterxml.jackson.databind.ObjectMapper;
import orderflow.platform.camel.ApiResponse;
import orderflow.platform.camel.HttpApi;
import orderflow.platform.camel.HttpFailures;
import orderflow.platform.camel.QueryParameters;
import org.springframework.stereotype.Component;

/** Imports over HTTP. */
@Component
public class ImportApi extends HttpApi {

  private final Imports imports;

  ImportApi(ObjectMapper json, Imports imports) {
    super(json);
    this.imports = imports;
  }

  @Override
  public void configure() {
    from(get("/api/imports")).routeId("list-imports").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          QueryParameters query = request.query("limit", "cursor");
          return ApiResponse.page("imports", imports.list(query.limit(), query.cursor()));
        }))
        .marshal(json);

    from(get("/api/imports/{id}")).routeId("get-import").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> ApiResponse.found(imports.find(request.number("id")))))
        .marshal(json);
  }
}
