package orderflow.platform.jdbc;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * Bounds the requests that are worked on at the same time, so that however many clients read, the
 * processor and the database stay free for orders.
 */
@Component
public class RequestLimit implements MeterBinder {

  private final RequestSettings settings;

  /** Of those at work and those that wait together. */
  private final Semaphore room;

  private final Semaphore atWork;

  RequestLimit(RequestSettings settings) {
    this.settings = settings;
    this.room = new Semaphore(settings.maxConcurrent() + settings.queueCapacity());
    this.atWork = new Semaphore(settings.maxConcurrent(), true);
  }

  /** More requests wait than can be handled in time. */
  public static class Exceeded extends Exception {

    private static final long serialVersionUID = 1;

    Exceeded() {
      super(null, null, false, false);
    }
  }

  /**
   * Handles a request when its turn has come.
   *
   * @throws Exceeded if too many others wait, or it has waited too long
   */
  public void run(Bulkhead.Action<Exception> request) throws Exception {
    if (!room.tryAcquire()) {
      throw new Exceeded();
    }
    try {
      if (!atWork.tryAcquire(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Exceeded();
      }
      try {
        request.run();
      } finally {
        atWork.release();
      }
    } finally {
      room.release();
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("orderflow.requests.waiting", atWork, Semaphore::getQueueLength)
        .description("Requests, other than orders, that wait for their turn")
        .register(registry);
  }
}
