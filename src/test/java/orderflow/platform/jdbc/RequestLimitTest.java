package orderflow.platform.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestLimitTest {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ExecutorService requests = Executors.newCachedThreadPool();
  private final CountDownLatch done = new CountDownLatch(1);

  @AfterEach
  void end() {
    done.countDown();
    requests.shutdownNow();
  }

  @Test
  void turnsAwayAtOnceWhatHasNoRoomToWaitAndHandlesTheRestInTurn() throws Exception {
    RequestLimit limit = limit(Duration.ofMinutes(1));
    Future<?> atWork = request(limit);
    Future<?> waits = request(limit);
    await().until(() -> waiting() == 1);

    assertThatThrownBy(() -> limit.run(() -> {})).isInstanceOf(RequestLimit.Exceeded.class);
    done.countDown();

    atWork.get();
    waits.get();
    limit.run(() -> assertThat(waiting()).isZero());
  }

  @Test
  void turnsAwayWhatHasWaitedTooLong() throws Exception {
    RequestLimit limit = limit(Duration.ofMillis(20));
    CountDownLatch begun = new CountDownLatch(1);
    requests.submit(() -> run(limit, begun));
    begun.await();

    assertThatThrownBy(() -> limit.run(() -> {})).isInstanceOf(RequestLimit.Exceeded.class);
  }

  private Future<?> request(RequestLimit limit) throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    Future<?> request = requests.submit(() -> run(limit, begun));
    await().until(() -> begun.getCount() == 0 || waiting() == 1);
    return request;
  }

  private Void run(RequestLimit limit, CountDownLatch begun) throws Exception {
    limit.run(
        () -> {
          begun.countDown();
          done.await();
        });
    return null;
  }

  private RequestLimit limit(Duration timeout) {
    RequestLimit limit = new RequestLimit(new RequestSettings(1, 1, timeout));
    limit.bindTo(meters);
    return limit;
  }

  private double waiting() {
    return meters.get("orderflow.requests.waiting").gauge().value();
  }
}
