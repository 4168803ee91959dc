package orderflow.platform.retry;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BackgroundLoopTest {

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
