package orderflow;

import com.fasterxml.jackson.databind.ObjectMapper;
import orderflow.importing.Imports;
import org.springframework.stereotype.Component;

/** Imports over HTTP. */
@Component
class ImportApi extends HttpApi {

  private final Imports imports;

  ImportApi(ObjectMapper json, Imports imports) {
    super(json);
    this.imports = imports;
  }

  @Override
  public void configure() {
    from(get("/api/imports")).routeId("list-imports").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          Query query = request.query("limit", "cursor");
          return Answer.page("imports", imports.list(query.limit(), query.cursor()));
        }))
        .marshal(json);

    from(get("/api/imports/{id}")).routeId("get-import").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> Answer.found(imports.find(request.number("id")))))
        .marshal(json);
  }
}
