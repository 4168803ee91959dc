package orderflow.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class BranchTest {

  private final CamelContext camel = mock();
  private final Exchange batch = new DefaultExchange(new DefaultCamelContext());

  @Test
  void aBatchForWhichThereIsNoThreadFailsInsteadOfBeingWaitedFor() {
    when(camel.getExecutorServiceManager())
        .thenThrow(new OutOfMemoryError("no native thread, for a test"));
    batch.setProperty(KafkaRecords.END, "here");
    AtomicBoolean answered = new AtomicBoolean();

    branch(exchange -> {}).process(batch, done -> answered.set(true));

    assertThat(answered).isTrue();
    assertThat(batch.getException()).hasRootCauseInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void whatIsNoBatchPassesOnTheThreadItCameOn() {
    Thread[] passed = new Thread[1];

    branch(exchange -> passed[0] = Thread.currentThread()).process(batch, done -> {});

    assertThat(passed).containsExactly(Thread.currentThread());
  }

  private AsyncProcessor branch(Processor target) {
    MulticastDefinition multicast = new MulticastDefinition();
    ToDefinition to = new ToDefinition("direct:consumer");
    multicast.addOutput(to);
    return (AsyncProcessor)
        new Branch.Branches().wrapProcessorInInterceptors(camel, to, target, target);
  }
}
