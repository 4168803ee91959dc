package orderflow;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import orderflow.consumer.TestConsumers;
import orderflow.platform.jdbc.DatabaseAccess;
import orderflow.platform.retry.RedeliverySettings;
import orderflow.platform.trace.Traces;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;

/**
 * A test of routes alone: Camel without a server, the beans that decide replaced, the ends mocked.
 * The classes to load are named by {@code @Import}. Tests that advise routes before Camel starts
 * add {@code @UseAdviceWith} themselves: it is looked for on the class alone.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@CamelSpringBootTest
@DirtiesContext
@ImportAutoConfiguration(CamelAutoConfiguration.class)
@SpringBootTest(
    webEnvironment = WebEnvironment.NONE,
    classes = RouteTest.Nothing.class,
    properties = {
      "camel.main.jmx-enabled=false",
      "orderflow.kafka.brokers=127.0.0.1:1",
      "orderflow.kafka.prefix=",
      "orderflow.consumer.threads=1",
      "orderflow.consumer.batch=500"
    })
public @interface RouteTest {

  /** Keeps the application itself out. */
  class Nothing {

    @Bean
    DatabaseAccess database() {
      return new DatabaseAccess(() -> true);
    }

    @Bean
    Traces traces() {
      return new Traces(null);
    }

    @Bean
    RedeliverySettings redelivery() {
      return TestConsumers.REDELIVERY;
    }
  }
}
