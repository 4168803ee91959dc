package orderflow.platform.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackgroundLoopTest {

  private static final Pattern NAMED = Pattern.compile("new BackgroundLoop\\(\\s*\"([a-z-]+)");

  @Test
  void theDocsNameEachLoop() throws IOException {
    String docs = Files.readString(Path.of("docs/cluster.md"));
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      List<String> names =
          files
              .filter(Files::isRegularFile)
              .flatMap(file -> NAMED.matcher(read(file)).results())
              .map(found -> found.group(1))
              .toList();
      assertThat(names).hasSizeGreaterThan(10);
      assertThat(names).allSatisfy(name -> assertThat(docs).contains("`" + name));
    }
  }

  @Test
  void aRestIsAsLongAsTheWorkBeforeItAndNeverLong() {
    assertThat(BackgroundLoop.restAfter(Duration.ofMillis(7).toNanos()))
        .isEqualTo(Duration.ofMillis(7));
    assertThat(BackgroundLoop.restAfter(Duration.ofHours(1).toNanos()))
        .isEqualTo(Duration.ofMillis(50));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void goesOnAfterALackOfMemory() {
    AtomicInteger attempts = new AtomicInteger();
    BackgroundLoop loop =
        new BackgroundLoop(
            "test",
            Duration.ofHours(1),
            () -> {
              if (attempts.incrementAndGet() == 1) {
                throw new OutOfMemoryError("no heap, for a test");
              }
              return false;
            });
    loop.start();
    try {
      await().until(() -> attempts.get() == 2);
    } finally {
      loop.stop();
    }
  }
}
