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
 * HTTP/1.1 that answers a request before it looks at what follows. At the end of a chunked body
 * Tomcat reads on at once, and so takes the end of what a client sends for the end of the
 * connection, and the rest of a next request for a request of its own.
 *
 * <p>It bounds what slow clients hold, too. The headers of a request have to be here within a time,
 * however often another byte of them comes. When connections become scarce, a new one takes the
 * place of the one whose headers are the longest on their way, or else of the one that has been
 * idle for longest, so that no number of slow clients keeps a health check out.
 */
public final class SequentialHttp extends Http11NioProtocol {

  private static final Logger log = LoggerFactory.getLogger(SequentialHttp.class);

  /** What a connection holds while a request is on its way: Tomcat's buffers, and some to spare. */
  private static final long BYTES_OF_A_CONNECTION = 64L * 1024;

  /** All of them together may hold this part of the heap. */
  private static final int PART_OF_THE_HEAP = 4;

  private static final int FEWEST_CONNECTIONS = 256;
  private static final long TELL_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

  private long headerNanos = TimeUnit.SECONDS.toNanos(20);

  public SequentialHttp() {
    super(new Endpoint());
    setMaxConnections(getMaxConnections());
  }

  /** How long the headers of a request may take, in all. */
  public void setHeaderTimeoutMillis(long millis) {
    headerNanos = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** No more than the heap has room for. */
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

    /** When headers that are not here yet began to come; 0 if none are on their way. */
    private volatile long headersSince;

    /** Tomcat uses a processor for one connection after another, and does not say when. */
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

    /** They are meant for threads that are not the request's own, which sees to them itself. */
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

    private long told = System.nanoTime() - TELL_AGAIN_NANOS;

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
      if (now - told >= TELL_AGAIN_NANOS) {
        told = now;
        log.warn(
            "{} of {} HTTP connections are in use: the slowest and the idle ones are closed for new ones",
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
