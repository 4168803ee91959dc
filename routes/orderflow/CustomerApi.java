package orderflow;

import com.fasterxml.jackson.databind.ObjectMapper;
import orderflow.order.OrderRules;
import orderflow.point.PointAccounts;
import orderflow.privacy.PersonalData;
import org.springframework.stereotype.Component;

/** Customers over HTTP: their points, and the end of their data. */
@Component
class CustomerApi extends HttpApi {

  private final PointAccounts points;
  private final PersonalData personalData;

  CustomerApi(ObjectMapper json, PointAccounts points, PersonalData personalData) {
    super(json);
    this.points = points;
    this.personalData = personalData;
  }

  @Override
  public void configure() {
    from(get("/api/customers/{customerId}/points")).routeId("get-points").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          Query query = request.query("limit", "cursor");
          return Answer.ok(points.find(customer(request), query.limit(), query.cursor()));
        }))
        .marshal(json);

    from(delete("/api/customers/{customerId}/personal-data"))
        .routeId("erase-personal-data").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          personalData.erase(customer(request), request.actor());
          return Answer.done();
        }));
  }

  private static String customer(ApiRequest request) {
    return request.path("customerId", OrderRules.CUSTOMER);
  }
}
