package orderflow.platform.http;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Answers requests that Tomcat refuses ahead of any servlet, such as a malformed request line. */
class ProblemValve extends ErrorReportValve {

  private final ProblemWriter problems;

  ProblemValve(ProblemWriter problems) {
    this.problems = problems;
  }

  @Override
  protected void report(Request request, Response response, @Nullable Throwable failure) {
    if (response.getStatus() < 400 || response.getContentWritten() > 0) {
      return;
    }
    problems.answer(
        new ProblemException(ProblemType.ofStatus(response.getStatus())), response.getResponse());
    try {
      response.finishResponse();
    } catch (IOException clientIsGone) {
      // the client has disconnected
    }
  }

  /** Puts it in front of Tomcat's own, which answers in HTML. */
  @Component
  @Order(Ordered.LOWEST_PRECEDENCE)
  static class InTomcat implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private final ProblemWriter problems;

    InTomcat(ProblemWriter problems) {
      this.problems = problems;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
      factory.addContextCustomizers(
          context -> context.getParent().getPipeline().addValve(new ProblemValve(problems)));
    }
  }
}
