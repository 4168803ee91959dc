package orderflow.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import orderflow.platform.retry.OutageLog;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Sends what flows to all who have the page open: it is read and written once for them all, and no
 * thread waits for any. A browser connects anew after some minutes, and shows its cookie again.
 */
@Component
class LiveFeed implements SmartLifecycle {

  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final int MOST_VIEWERS = 200;

  private final Flow flow;
  private final ObjectMapper json;
  private final OutageLog outage = new OutageLog("The console's live feed");
  private final Set<AsyncContext> viewers = ConcurrentHashMap.newKeySet();
  private volatile boolean running;
  private ScheduledExecutorService timer = newTimer();

  LiveFeed(Flow flow, ObjectMapper json) {
    this.flow = flow;
    this.json = json;
  }

  private static ScheduledExecutorService newTimer() {
    return Executors.newSingleThreadScheduledExecutor(
        work -> {
          Thread thread = new Thread(work, "console-live");
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Adds a viewer.
   *
   * @return false if there are too many, or the application stops
   */
  boolean add(HttpServletRequest request, HttpServletResponse response) {
    if (!running || viewers.size() >= MOST_VIEWERS) {
      return false;
    }
    response.setContentType("text/event-stream;charset=UTF-8");
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Accel-Buffering", "no");
    response.setHeader("X-Content-Type-Options", "nosniff");
    AsyncContext viewer = request.startAsync();
    viewer.setTimeout(LONGEST.toMillis());
    viewer.addListener(new Leaving(viewer));
    viewers.add(viewer);
    sendOrDrop(viewer, event());
    return true;
  }

  int viewers() {
    return viewers.size();
  }

  private void tick() {
    try {
      flow.count();
      if (!viewers.isEmpty()) {
        byte[] event = event();
        viewers.forEach(viewer -> sendOrDrop(viewer, event));
      }
      outage.recovered();
    } catch (RuntimeException | Error e) { // an executor ends what throws
      outage.failure(e);
    }
  }

  private byte[] event() {
    try {
      return ("data: " + json.writeValueAsString(flow.now()) + "\n\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what flows can't be written as JSON", e);
    }
  }

  private void sendOrDrop(AsyncContext viewer, byte[] event) {
    try {
      send(viewer, event);
    } catch (IOException | RuntimeException gone) {
      drop(viewer);
    }
  }

  private static void send(AsyncContext viewer, byte[] event) throws IOException {
    synchronized (viewer) { // the first event is sent by another thread than the others
      viewer.getResponse().getOutputStream().write(event);
      viewer.getResponse().flushBuffer();
    }
  }

  private void drop(AsyncContext viewer) {
    if (viewers.remove(viewer)) {
      try {
        viewer.complete();
      } catch (IllegalStateException e) {
        // the container has ended it
      }
    }
  }

  @Override
  public void start() {
    running = true;
    timer = newTimer();
    timer.scheduleWithFixedDelay(
        this::tick, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Before the web server waits for its requests to end. */
  @Override
  public void stop() {
    running = false;
    timer.shutdown();
    viewers.forEach(this::drop);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }

  private final class Leaving implements AsyncListener {

    private final AsyncContext viewer;

    Leaving(AsyncContext viewer) {
      this.viewer = viewer;
    }

    @Override
    public void onComplete(AsyncEvent event) {
      viewers.remove(viewer);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      drop(viewer);
    }

    @Override
    public void onError(AsyncEvent event) {
      drop(viewer);
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // no other code starts one
    }
  }
}
