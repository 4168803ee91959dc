package orderflow.fileimport;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import orderflow.platform.camel.ApiRequest;
import orderflow.platform.camel.ApiResponse;
import orderflow.platform.camel.HttpApi;
import orderflow.platform.camel.HttpFailures;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import orderflow.platform.json.TextRule;
import orderflow.platform.json.ValidationException;
import orderflow.platform.json.Violation;
import org.springframework.stereotype.Component;

/** Files over HTTP: new ones, and what was given back of those before. */
@Component
class InboxApi extends HttpApi {

  private static final TextRule ANY_NAME = new TextRule("", name -> true);

  private final RejectedOrders rejected;
  private final Uploads uploads;

  InboxApi(ObjectMapper json, RejectedOrders rejected, Uploads uploads) {
    super(json);
    this.rejected = rejected;
    this.uploads = uploads;
  }

  @Override
  public void configure() {
    from(get("/api/imports/{id}/rejected")).routeId("get-rejected-orders").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> ApiResponse.found(rejected.of(request.number("id")))))
        .marshal(json);

    from(put("/api/inbox/{file}")).routeId("upload-file").routeConfigurationId(HttpFailures.ID)
        .process(answer(this::upload))
        .marshal(json);
  }

  private ApiResponse upload(ApiRequest request) {
    String name = request.path("file", ANY_NAME);
    if (!Uploads.NAME.allows(name)) {
      throw new ValidationException(List.of(new Violation("", "the file's name " + Uploads.NAME.words())));
    }
    Uploads.Result result = uploads.take(name, request.content(), request.contentLength());
    if (result instanceof Uploads.Result.Taken taken) {
      return ApiResponse.created("/api/imports", taken);
    }
    if (result instanceof Uploads.Result.TooLarge large) {
      throw new ProblemException(
          ProblemType.BODY_TOO_LARGE, "The file is larger than " + large.bytes() + " bytes.");
    }
    if (result instanceof Uploads.Result.CutOff) {
      throw new ProblemException(ProblemType.MALFORMED_REQUEST, "The body is cut off or badly chunked.");
    }
    throw result instanceof Uploads.Result.Busy
        ? new ProblemException(ProblemType.OVERLOADED)
        : new ProblemException(ProblemType.UNAVAILABLE, "The inbox can't be written.");
  }
}
