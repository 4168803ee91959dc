package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.after;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedQueue;
import orderflow.importing.FileDrop;
import orderflow.importing.Inbox;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDropRoutesTest extends CamelTestSupport {

  @TempDir static Path folder;

  private final Inbox inbox = mock(Inbox.class);
  private final FileDrop fileDrop = mock(FileDrop.class);
  private Path inboxFolder; // given a value while the superclass constructs the context

  @Override
  public boolean isUseAdviceWith() {
    return true;
  }

  @Override
  protected RoutesBuilder createRouteBuilder() {
    return new FileDropRoutes(inbox, fileDrop);
  }

  @Override
  protected Properties useOverridePropertiesWithPropertiesComponent() {
    try {
      inboxFolder = Files.createTempDirectory(folder, "받은 파일 50% a+b%20c ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Properties properties = new Properties();
    properties.setProperty("orderflow.inbox", inboxFolder.toString());
    properties.setProperty("orderflow.importing.poll", "50");
    return properties;
  }

  @Test
  void handsOverWholeFilesAndLeavesThemWhereTheyAre() throws Exception {
    Path whole = drop("주문 1.csv");
    Path growing = drop("growing.csv");
    Files.createDirectories(inboxFolder.resolve("folder.csv"));
    when(inbox.isUsable()).thenReturn(true);
    when(inbox.holdsWhole(any()))
        .thenAnswer(call -> isSame(call.<File>getArgument(0).toPath(), whole));
    MockEndpoint taken = getMockEndpoint("mock:taken");
    taken.expectedMinimumMessageCount(2);
    taken.allMessages().header("CamelFileName").isEqualTo("주문 1.csv");
    AdviceWith.adviceWith(context, "file-drop", route -> route.weaveAddLast().to("mock:taken"));
    context.start();

    taken.assertIsSatisfied(10_000);
    assertThat(whole).exists();
    assertThat(growing).exists();
    assertThat(inboxFolder.resolve(".camel")).doesNotExist();
  }

  @Test
  void doesNotLookIntoAnInboxThatCantBeUsed() throws Exception {
    drop("orders.csv");
    when(inbox.isUsable()).thenReturn(false);
    when(inbox.holdsWhole(any())).thenReturn(true);
    context.start();

    verify(inbox, timeout(10_000).atLeast(3)).isUsable();
    verify(fileDrop, never()).take(any());
  }

  @Test
  void takesOneFileAfterTheOther() throws Exception {
    Path first = drop("a.csv");
    Path second = drop("b.csv");
    Files.setLastModifiedTime(first, FileTime.fromMillis(2_000));
    Files.setLastModifiedTime(second, FileTime.fromMillis(1_000));
    when(inbox.isUsable()).thenReturn(true);
    when(inbox.holdsWhole(any())).thenReturn(true);
    var order = new ConcurrentLinkedQueue<String>();
    doAnswer(
            call -> {
              Path file = call.getArgument(0);
              order.add(file.getFileName().toString());
              Files.delete(file);
              return null;
            })
        .when(fileDrop)
        .take(any());
    context.start();

    verify(fileDrop, timeout(10_000).times(2)).take(any());
    verify(fileDrop, after(300).times(2)).take(any());
    assertThat(order).containsExactly("b.csv", "a.csv");
  }

  private static boolean isSame(Path one, Path other) {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
  }

  private Path drop(String name) throws IOException {
    return Files.writeString(inboxFolder.resolve(name), "x");
  }
}
