package orderflow.platform.camel;

import orderflow.platform.http.ProblemWriter;
import orderflow.platform.jdbc.RequestLimit;
import orderflow.platform.security.Calls;
import orderflow.platform.trace.Traces;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Runs platform-http's routes on the servlet's thread, with {@link WhitelistHttpConsumer}s. */
@Component("platform-http-engine")
public class WhitelistHttpEngine implements PlatformHttpEngine {

  private final Calls calls;
  private final ProblemWriter problems;
  private final RequestLimit limit;
  private final Traces traces;
  private final int port;

  WhitelistHttpEngine(
      Calls calls,
      ProblemWriter problems,
      RequestLimit limit,
      Traces traces,
      @Value("${server.port:8080}") int port) {
    this.calls = calls;
    this.problems = problems;
    this.limit = limit;
    this.traces = traces;
    this.port = port;
  }

  @Override
  public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor route) {
    calls.add(endpoint.getHttpMethodRestrict(), endpoint.getPath());
    return new WhitelistHttpConsumer(endpoint, route, problems, limit, traces);
  }

  @Override
  public int getServerPort() {
    return port;
  }
}
