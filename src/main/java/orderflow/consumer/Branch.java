package orderflow.consumer;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.EndpointAware;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A batch's way to one consumer: what a multicast sends it to. What kills that, such as a lack of
 * memory, fails the batch: a parallel multicast hears of exceptions alone, and would wait for the
 * dead branch for ever. The route runs on threads of its own, which end with it: Camel keeps what
 * an Error left undone with its thread, and the next batch there would hang.
 */
public final class Branch extends DelegateAsyncProcessor {

  private static final Logger log = LoggerFactory.getLogger(Branch.class);

  private final CamelContext camel;
  private final String consumer;
  private @Nullable ExecutorService threads;

  private Branch(CamelContext camel, Processor target, String consumer) {
    super(target);
    this.camel = camel;
    this.consumer = consumer;
  }

  /** Makes branches of the endpoints that multicasts of the context's further routes send to. */
  public static void addTo(CamelContext camel) {
    List<InterceptStrategy> strategies = camel.getCamelContextExtension().getInterceptStrategies();
    if (strategies.stream().noneMatch(Branches.class::isInstance)) {
      camel.getCamelContextExtension().addInterceptStrategy(new Branches());
    }
  }

  /** Makes a branch of each endpoint that a multicast sends to. */
  static final class Branches implements InterceptStrategy {

    @Override
    public Processor wrapProcessorInInterceptors(
        CamelContext camel, NamedNode definition, Processor target, Processor next) {
      return definition instanceof ToDefinition to && to.getParent() instanceof MulticastDefinition
          ? new Branch(camel, target, name(target, to))
          : target;
    }

    /** The definition of a template's route has its parameters' names only. */
    private static String name(Processor target, ToDefinition definition) {
      String uri =
          target instanceof EndpointAware aware
              ? aware.getEndpoint().getEndpointUri()
              : definition.getEndpointUri();
      return uri.replaceFirst("^\\w+:(//)?", "").replaceFirst("\\?.*", "");
    }
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    if (!KafkaRecords.isBatch(exchange)) {
      return super.process(exchange, callback);
    }
    try {
      handle(exchange);
    } catch (Throwable e) { // the multicast would wait for this branch for ever
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      exchange.setException(e);
    }
    callback.done(true);
    return true;
  }

  /** The consumer has an exchange of its own: it may go on with it when this one is given up. */
  private void handle(Exchange batch) throws InterruptedException {
    Exchange own = ExchangeHelper.createCopy(batch, true);
    ExecutorService pool = threads();
    try {
      pool.submit(
              () -> {
                getProcessor().process(own);
                return null;
              })
          .get();
    } catch (ExecutionException e) {
      log.error(
          "{} stopped with the error {}; its batch will be read again",
          consumer,
          String.valueOf(e.getCause()));
      end(pool);
      throw new IllegalStateException(consumer + " died of " + e.getCause(), e.getCause());
    }
    if (own.getException() != null) {
      batch.setException(own.getException());
      return;
    }
    KafkaRecords.holdBack(batch, Bisect.held(own));
    KafkaRecords.postpone(batch, KafkaRecords.postponed(own));
  }

  private synchronized ExecutorService threads() {
    ExecutorService pool = threads;
    if (pool == null) {
      pool = camel.getExecutorServiceManager().newCachedThreadPool(this, consumer);
      threads = pool;
    }
    return pool;
  }

  private synchronized void end(ExecutorService pool) {
    if (threads == pool) {
      threads = null;
      camel.getExecutorServiceManager().shutdown(pool);
    }
  }

  @Override
  protected synchronized void doShutdown() throws Exception {
    if (threads != null) {
      end(threads);
    }
    super.doShutdown();
  }
}
