package orderflow;

import java.io.File;
import orderflow.importing.FileDrop;
import orderflow.importing.Inbox;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.file.FileEndpoint;
import org.apache.camel.component.file.GenericFileFilter;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.springframework.stereotype.Component;

/** Files dropped into the inbox, oldest first. They stay there until their import itself moves them away. */
@Component
class FileDropRoutes extends RouteBuilder {

  private final Inbox inbox;
  private final FileDrop fileDrop;

  FileDropRoutes(Inbox inbox, FileDrop fileDrop) {
    this.inbox = inbox;
    this.fileDrop = fileDrop;
  }

  @Override
  public void configure() {
    GenericFileFilter<File> whole = file -> inbox.holdsWhole(file.getFile());
    bindToRegistry("wholeFiles", whole);
    bindToRegistry("usableInbox", new UsableInbox());

    from(watched("file:inbox?noop=true&idempotent=false&readLock=none&recursive=false&sortBy=file:modified"
            + "&filter=#wholeFiles&pollStrategy=#usableInbox&delay={{orderflow.importing.poll}}"))
        .routeId("file-drop")
        .process(exchange -> fileDrop.take(exchange.getMessage().getBody(File.class).toPath()));
  }

  /** The inbox's path is set on the endpoint: within a URI, a path with a plus or a percent sign is read otherwise. */
  private Endpoint watched(String uri) {
    File folder = new File(getContext().resolvePropertyPlaceholders("{{orderflow.inbox}}"));
    FileEndpoint endpoint = getContext().getEndpoint(uri, FileEndpoint.class);
    endpoint.setFile(folder);
    endpoint.getConfiguration().setDirectory(folder.getPath());
    return endpoint;
  }

  /** Looks into the inbox only while it is there and can be used. */
  private final class UsableInbox implements PollingConsumerPollStrategy {

    @Override
    public boolean begin(Consumer consumer, Endpoint endpoint) {
      return inbox.isUsable();
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
      // nothing is left open
    }

    @Override
    public boolean rollback(Consumer consumer, Endpoint endpoint, int attempts, Exception cause) {
      inbox.isUsable(); // tells the log why it isn't
      return false;
    }
  }
}
