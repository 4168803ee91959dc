package orderflow.consumer;

import java.util.concurrent.TimeUnit;
import orderflow.bench.ShopOrder;
import orderflow.order.PlacedOrder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A placed order into the bytes of its event. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class EventWriting {

  private final PlacedOrder order = ShopOrder.typical();

  @Benchmark
  public byte[] write() {
    return order.event().json();
  }
}
