package orderflow.body;

import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;

/**
 * HTTP/1.1 that answers a request before it looks at what follows. At the end of a chunked body
 * Tomcat reads on at once, and so takes the end of what a client sends for the end of the
 * connection, and the rest of a next request for a request of its own.
 */
public final class SequentialHttp extends Http11NioProtocol {

  @Override
  protected Processor createProcessor() {
    return new Connection(this, adapter);
  }

  private static final class Connection extends Http11Processor {

    Connection(SequentialHttp protocol, Adapter adapter) {
      super(protocol, adapter);
    }

    /** They are meant for threads that are not the request's own, which sees to them itself. */
    @Override
    protected void executeDispatches() {
      if (request.isRequestThread()) {
        getIteratorAndClearDispatches();
      } else {
        super.executeDispatches();
      }
    }
  }
}
