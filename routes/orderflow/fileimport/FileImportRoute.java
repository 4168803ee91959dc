package orderflow.fileimport;

import orderflow.platform.role.InstanceRole;
import orderflow.platform.role.OnInstanceRole;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * Files dropped into the inbox. They stay there until their import itself moves them away.
 * It is not camel-file that looks into the folder: that reads a backslash in a name as a slash, can't open names that
 * are no text in the locale, and holds all files of a look in memory.
 */
@Component
@OnInstanceRole(InstanceRole.IMPORTS)
class FileImportRoute extends RouteBuilder {

  private final Inbox inbox;
  private final FileDrop fileDrop;

  FileImportRoute(Inbox inbox, FileDrop fileDrop) {
    this.inbox = inbox;
    this.fileDrop = fileDrop;
  }

  @Override
  public void configure() {
    from("scheduler:inbox?initialDelay=0&delay={{orderflow.importing.poll-interval}}")
        .routeId("file-drop")
        .filter(exchange -> inbox.isUsable())
            .process(exchange -> exchange.getMessage().setBody(fileDrop.waiting()))
            .split(body())
                .process(exchange -> fileDrop.take(exchange.getMessage().getBody(FoundFile.class)));
  }
}
