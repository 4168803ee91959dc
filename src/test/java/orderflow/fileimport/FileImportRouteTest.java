package orderflow.fileimport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;

class FileImportRouteTest extends CamelTestSupport {

  private static final FoundFile FIRST = new FoundFile(Path.of("a\\b.csv"), null, true);
  private static final FoundFile SECOND = new FoundFile(Path.of("b.csv"), null, false);

  private final Inbox inbox = mock(Inbox.class);
  private final FileDrop fileDrop = mock(FileDrop.class);

  @Override
  public boolean isUseAdviceWith() {
    return true;
  }

  @Override
  protected RoutesBuilder createRouteBuilder() {
    return new FileImportRoute(inbox, fileDrop);
  }

  @Override
  protected Properties useOverridePropertiesWithPropertiesComponent() {
    Properties properties = new Properties();
    properties.setProperty("orderflow.importing.poll-interval", "50ms");
    return properties;
  }

  @Test
  void handsOverOneFileAfterTheOtherAtEachLook() throws Exception {
    when(inbox.isUsable()).thenReturn(true);
    when(fileDrop.waiting())
        .thenReturn(List.of(FIRST, SECOND), List.of(), List.of(SECOND), List.of());
    var taken = new ConcurrentLinkedQueue<FoundFile>();
    doAnswer(call -> taken.add(call.getArgument(0))).when(fileDrop).take(any());
    MockEndpoint looks = getMockEndpoint("mock:looks");
    looks.expectedMinimumMessageCount(5);
    AdviceWith.adviceWith(context, "file-drop", route -> route.weaveAddLast().to("mock:looks"));
    context.start();

    looks.assertIsSatisfied(60_000);
    assertThat(taken).containsExactly(FIRST, SECOND, SECOND);
  }

  @Test
  void doesNotLookIntoAnInboxThatCantBeUsed() throws Exception {
    when(inbox.isUsable()).thenReturn(false);
    context.start();

    verify(inbox, timeout(60_000).atLeast(3)).isUsable();
    verify(fileDrop, never()).waiting();
    verify(fileDrop, never()).take(any());
  }
}
