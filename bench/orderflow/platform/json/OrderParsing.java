package orderflow.platform.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.concurrent.TimeUnit;
import orderflow.bench.ShopOrder;
import orderflow.order.NewOrder;
import orderflow.order.OrderReader;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.springframework.http.converter.json.Jackson2ObjectMapperBuilder;

/** A request's body into an order that is acceptable by every rule. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class OrderParsing {

  private final ObjectMapper json = strict();
  private final String body = ShopOrder.typicalJson();

  @Benchmark
  public NewOrder parse() throws JsonProcessingException {
    return OrderReader.read(json.readTree(body));
  }

  private static ObjectMapper strict() {
    var builder = new Jackson2ObjectMapperBuilder();
    new StrictJson().customize(builder);
    return builder.build();
  }
}
