package orderflow.privacy;

import com.fasterxml.jackson.databind.ObjectMapper;
import orderflow.order.OrderRules;
import orderflow.platform.camel.ApiRequest;
import orderflow.platform.camel.ApiResponse;
import orderflow.platform.camel.HttpApi;
import orderflow.platform.camel.HttpFailures;
import orderflow.platform.camel.QueryParameters;
import orderflow.point.PointAccounts;
import org.springframework.stereotype.Component;

/** Customers over HTTP: their points, and the end of their data. */
@Component
public class PersonalDataApi extends HttpApi {

  private final PointAccounts points;
  private final PersonalData personalData;

  PersonalDataApi(ObjectMapper json, PointAccounts points, PersonalData personalData) {
    super(json);
    this.points = points;
    this.personalData = personalData;
  }

  @Override
  public void configure() {
    from(get("/api/customers/{customerId}/points")).routeId("get-points").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          QueryParameters query = request.query("limit", "cursor");
          return ApiResponse.ok(points.find(customer(request), query.limit(), query.cursor()));
        }))
        .marshal(json);

    from(get("/api/customers/{customerId}/points/ledger")).routeId("get-point-ledger").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          QueryParameters query = request.query("limit", "cursor");
          return ApiResponse.ok(points.ledger(customer(request), query.limit(), query.cursor()));
        }))
        .marshal(json);

    from(delete("/api/customers/{customerId}/personal-data"))
        .routeId("erase-personal-data").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          long operation = personalData.erase(customer(request), request.actor());
          return ApiResponse.done().with(ApiResponse.LOCATION, "/api/operations/" + operation);
        }));
  }

  private static String customer(ApiRequest request) {
    return request.path("customerId", OrderRules.CUSTOMER);
  }
}
