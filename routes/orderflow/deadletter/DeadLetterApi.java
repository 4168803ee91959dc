package orderflow.deadletter;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import orderflow.platform.camel.ApiRequest;
import orderflow.platform.camel.ApiResponse;
import orderflow.platform.camel.HttpApi;
import orderflow.platform.camel.HttpFailures;
import orderflow.platform.camel.QueryParameters;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import orderflow.platform.json.TextRule;
import org.springframework.stereotype.Component;

/** Dead letters over HTTP, for operators. */
@Component
public class DeadLetterApi extends HttpApi {

  private static final String[] STATES = {"WAITING", "REPLAYED", "DISCARDED"};

  /** As long as the table's own. */
  private static final TextRule CAUSE = new TextRule(
      "must be a cause as the summary has it, of 1 to 200 characters",
      text -> !text.isEmpty() && text.codePointCount(0, text.length()) <= 200 && text.indexOf('\0') < 0);

  private final DeadLetterDesk desk;
  private final DeadLetterSummary summary;

  DeadLetterApi(ObjectMapper json, DeadLetterDesk desk, DeadLetterSummary summary) {
    super(json);
    this.desk = desk;
    this.summary = summary;
  }

  @Override
  public void configure() {
    from(get("/api/dead-letters")).routeId("list-dead-letters").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          QueryParameters query = request.query("consumer", "state", "limit", "cursor");
          return ApiResponse.page("deadLetters", desk.list(
                  query.oneOf("consumer", desk.consumers()), query.oneOf("state", STATES), query.limit(), query.cursor())
              .map(letter -> asShownTo(request, letter)));
        }))
        .marshal(json);

    from(get("/api/dead-letters/summary")).routeId("sum-up-dead-letters").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          request.query();
          return ApiResponse.ok(Map.of("groups", summary.groups()));
        }))
        .marshal(json);

    from(get("/api/dead-letters/{id}")).routeId("get-dead-letter").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> ApiResponse.found(
            desk.find(request.number("id")).map(letter -> asShownTo(request, letter)))))
        .marshal(json);

    from(command("/api/dead-letters/{id}/replay")).routeId("replay-dead-letter").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          long id = request.number("id");
          requireDone(desk.replay(id, request.actor()));
          return ApiResponse.accepted(Map.of("id", id));
        }))
        .marshal(json);

    from(command("/api/dead-letters/replay")).routeId("replay-dead-letters").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          QueryParameters query = request.query("consumer", "cause");
          return ApiResponse.accepted(desk.replayAll(
              query.requiredOneOf("consumer", desk.consumers()), query.text("cause", CAUSE), request.actor()));
        }))
        .marshal(json);

    from(command("/api/dead-letters/{id}/discard")).routeId("discard-dead-letter").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          long id = request.number("id");
          requireDone(desk.discard(id, request.actor()));
          return ApiResponse.found(desk.find(id));
        }))
        .marshal(json);
  }

  private static void requireDone(DeadLetterResult result) {
    switch (result) {
      case DONE -> { }
      case UNKNOWN -> throw new ProblemException(ProblemType.NOT_FOUND);
      case SETTLED -> throw new ProblemException(ProblemType.DEAD_LETTER_SETTLED);
      case REPLAYING -> throw new ProblemException(ProblemType.DEAD_LETTER_REPLAYING);
    }
  }

  private static DeadLetter asShownTo(ApiRequest request, DeadLetter letter) {
    return request.showsPersonalData() ? letter : letter.withoutContent();
  }
}
