package orderflow.platform.http;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP/1.1 that answers a request before it reads the next one. At the end of a chunked body Tomcat
 * reads on at once: it takes a half-closed connection for a closed one, and the rest of a pipelined
 * request for a request.
 *
 * <p>It also bounds what slow clients hold. The headers of a request have to arrive within a time,
 * however slowly they trickle. When connections become scarce, a new one replaces the one whose
 * headers have been arriving for longest, else the one that has been idle for longest, so that slow
 * clients never keep a health check out.
 */
public final class SequentialHttp extends Http11NioProtocol {

  private static final Logger log = LoggerFactory.getLogger(SequentialHttp.class);

  /** The memory of a connection during a request: Tomcat's buffers and some reserve. */
  private static final long BYTES_OF_A_CONNECTION = 64L * 1024;

  /** All connections together may hold this part of the heap. */
  private static final int PART_OF_THE_HEAP = 4;

  private static final int FEWEST_CONNECTIONS = 256;
  private static final long WARN_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

  private long headerNanos = TimeUnit.SECONDS.toNanos(20);

  public SequentialHttp() {
    super(new Endpoint());
    setMaxConnections(getMaxConnections());
  }

  /** The time that all headers of a request may take. */
  public void setHeaderTimeoutMillis(long millis) {
    headerNanos = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** At most as many as fit the heap. */
  @Override
  public void setMaxConnections(int most) {
    long room = Runtime.getRuntime().maxMemory() / PART_OF_THE_HEAP / BYTES_OF_A_CONNECTION;
    super.setMaxConnections((int) Math.min(most, Math.max(room, FEWEST_CONNECTIONS)));
  }

  @Override
  protected Processor createProcessor() {
    return new Connection(this, adapter);
  }

  private static final class Connection extends Http11Processor {

    private final SequentialHttp protocol;

    /** When incomplete headers began to arrive; 0 if there are none. */
    private volatile long headersSince;

    /** Tomcat reuses a processor for other connections, without a callback. */
    private WeakReference<@Nullable SocketWrapperBase<?>> connection = new WeakReference<>(null);

    Connection(SequentialHttp protocol, Adapter adapter) {
      super(protocol, adapter);
      this.protocol = protocol;
    }

    @Override
    public SocketState service(SocketWrapperBase<?> socket) throws IOException {
      if (connection.get() != socket) {
        connection = new WeakReference<>(socket);
        headersSince = 0;
      }
      SocketState state = super.service(socket);
      if (state != SocketState.LONG || isAsync()) {
        headersSince = 0;
        return state;
      }
      long now = System.nanoTime() | 1;
      if (headersSince == 0) {
        headersSince = now;
      } else if (now - headersSince > protocol.headerNanos) {
        headersSince = 0;
        return SocketState.CLOSED;
      }
      return state;
    }

    /** Dispatches serve other threads; the request's own thread reads on by itself. */
    @Override
    protected void executeDispatches() {
      if (request.isRequestThread()) {
        getIteratorAndClearDispatches();
      } else {
        super.executeDispatches();
      }
    }
  }

  private static final class Endpoint extends NioEndpoint {

    private long warned = System.nanoTime() - WARN_INTERVAL_NANOS;

    /** Called by the one thread that accepts connections. */
    @Override
    protected boolean setSocketOptions(SocketChannel accepted) {
      int most = getMaxConnections();
      if (most > 0 && getConnectionCount() > most - most / 8) {
        makeRoom(most);
      }
      return super.setSocketOptions(accepted);
    }

    private void makeRoom(int most) {
      SocketWrapperBase<NioChannel> slowest = null;
      SocketWrapperBase<NioChannel> idlest = null;
      long now = System.nanoTime();
      long longest = -1;
      for (SocketWrapperBase<NioChannel> connection : getConnections()) {
        long since = headersSince(connection);
        if (since != 0 && now - since > longest) {
          longest = now - since;
          slowest = connection;
        } else if (slowest == null
            && connection.getCurrentProcessor() == null
            && (idlest == null || lastRead(connection) < lastRead(idlest))
            && !isBusy(connection)) {
          idlest = connection;
        }
      }
      close(slowest != null ? slowest : idlest);
      if (now - warned >= WARN_INTERVAL_NANOS) {
        warned = now;
        log.warn(
            "{} of {} HTTP connections are in use: closing the slowest and the idle ones for new ones",
            getConnectionCount(),
            most);
      }
    }

    private static long headersSince(SocketWrapperBase<NioChannel> connection) {
      return connection.getCurrentProcessor() instanceof Connection processor
          ? processor.headersSince
          : 0;
    }

    private static long lastRead(SocketWrapperBase<NioChannel> connection) {
      return ((NioSocketWrapper) connection).getLastRead();
    }

    /** While a thread answers a request it holds its connection's lock. */
    private static boolean isBusy(SocketWrapperBase<NioChannel> connection) {
      Lock lock = connection.getLock();
      if (lock.tryLock()) {
        lock.unlock();
        return false;
      }
      return true;
    }

    private static void close(@Nullable SocketWrapperBase<NioChannel> connection) {
      if (connection == null || !connection.getLock().tryLock()) {
        return;
      }
      try {
        if (connection.getCurrentProcessor() == null || headersSince(connection) != 0) {
          connection.close();
        }
      } finally {
        connection.getLock().unlock();
      }
    }
  }
}
