package orderflow;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Clock;
import orderflow.outbox.RecordPublisher;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

/** A test of the running HTTP interface. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = RealServers.class)
@Import(ApiTest.Rest.class)
@interface ApiTest {

  @TestConfiguration
  @org.springframework.boot.context.properties.ConfigurationPropertiesScan("orderflow")
  class Rest {

    @Bean
    RecordPublisher publisher() {
      return records -> {};
    }

    @Bean
    Clock clock() {
      return Clock.systemUTC();
    }
  }
}
