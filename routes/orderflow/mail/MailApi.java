package orderflow.mail;

import com.fasterxml.jackson.databind.ObjectMapper;
import orderflow.platform.camel.ApiResponse;
import orderflow.platform.camel.HttpApi;
import orderflow.platform.camel.HttpFailures;
import orderflow.platform.camel.QueryParameters;
import org.springframework.stereotype.Component;

/** Mails over HTTP. */
@Component
class MailApi extends HttpApi {

  private final WaitingMails mails;
  private final MailPreview preview;

  MailApi(ObjectMapper json, WaitingMails mails, MailPreview preview) {
    super(json);
    this.mails = mails;
    this.preview = preview;
  }

  @Override
  public void configure() {
    from(get("/api/mails")).routeId("list-mails").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> {
          QueryParameters query = request.query("limit", "cursor");
          return ApiResponse.page("mails", mails.list(query.limit(), query.cursor()));
        }))
        .marshal(json);

    from(get("/api/orders/{orderId}/email")).routeId("get-email").routeConfigurationId(HttpFailures.ID)
        .process(answer(request -> ApiResponse.found(preview.confirmation(request.uuid("orderId")))))
        .marshal(json);
  }
}
