package orderflow.deadletter;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Set;
import orderflow.operation.OperationSettings;
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
  private final DryRuns dryRuns;

  DeadLetterApi(ObjectMapper json, DeadLetterDesk desk, DeadLetterSummary summary, DryRuns dryRuns) {
    super(json);
    this.desk = desk;
    this.summary = summary;
    this.dryRuns = dryRuns;
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
        .process(answer(request -> {
          DeadLetter letter = desk.find(request.number("id"))
              .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND));
          return ApiResponse.ok(asShownTo(request, letter)).ofVersion(letter.version());
        }))
        .marshal(json);

    from(put("/api/dead-letters/{id}/payload")).routeId("edit-dead-letter").routeConfigurationId(HttpFailures.ID)
        .process(answer(this::edit))
        .marshal(json);

    from(command("/api/dead-letters/{id}/preview")).routeId("preview-replay").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> ApiResponse.found(dryRuns.of(request.number("id")))))
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
          QueryParameters query = request.query("consumer", "cause", "rate", "limit", "stopAfterFailures");
          ReplayRequest replay = desk.replayAll(
              new DeadLetterDesk.Group(
                  query.requiredOneOf("consumer", desk.consumers()), query.text("cause", CAUSE),
                  query.number("rate", OperationSettings.FASTEST),
                  query.number("limit", DeadLetterDesk.Group.MOST),
                  query.number("stopAfterFailures", DeadLetterDesk.Group.MOST)),
              request.actor());
          return ApiResponse.accepted(replay).with(ApiResponse.LOCATION, "/api/operations/" + replay.operation());
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

  private ApiResponse edit(ApiRequest request) {
    long id = request.number("id");
    Set<Integer> versions = request.requiredVersions();
    if (versions == null && !request.hasCondition()) {
      throw new ProblemException(ProblemType.PRECONDITION_REQUIRED);
    }
    EditResult result = desk.edit(id, request.body(), versions, request.actor());
    if (result instanceof EditResult.Edited edited) {
      return ApiResponse.ok(edited.letter()).ofVersion(edited.letter().version());
    }
    if (result instanceof EditResult.OtherVersion other) {
      throw new ProblemException(
          ProblemType.PRECONDITION_FAILED,
          ProblemType.PRECONDITION_FAILED.meaning(),
          Map.of("version", other.letter().version(), "deadLetter", other.letter()));
    }
    if (result instanceof EditResult.OfErasedCustomer) {
      throw new ProblemException(ProblemType.DEAD_LETTER_OF_ERASED_CUSTOMER);
    }
    requireDone(((EditResult.Refused) result).why());
    throw new IllegalStateException("an edit was neither made nor refused");
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
