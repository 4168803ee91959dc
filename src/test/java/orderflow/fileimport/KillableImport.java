package orderflow.fileimport;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import orderflow.audit.OperatorActions;
import orderflow.coupon.Coupons;
import orderflow.intake.Intake;
import orderflow.outbox.ConsumerLag;
import orderflow.outbox.KafkaPublisher;
import orderflow.outbox.Outbox;
import orderflow.outbox.RecordPublisher;
import orderflow.outbox.Topics;
import orderflow.platform.jdbc.DurabilitySettings;
import orderflow.platform.lease.Leases;
import orderflow.platform.trace.Traces;
import orderflow.reversal.Reversals;
import org.apache.camel.RoutesBuilder;
import org.mockito.Mockito;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcClientAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.autoconfigure.transaction.TransactionAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;

/** A process that imports one file and knows nothing else, to be killed. */
@ImportAutoConfiguration({
  DataSourceAutoConfiguration.class,
  DataSourceTransactionManagerAutoConfiguration.class,
  JdbcTemplateAutoConfiguration.class,
  JdbcClientAutoConfiguration.class,
  TransactionAutoConfiguration.class
})
@Import(OperatorActions.class)
@ComponentScan(
    basePackageClasses = {FileDrop.class, Intake.class, Coupons.class, Outbox.class, Leases.class},
    excludeFilters =
        @Filter(
            type = FilterType.ASSIGNABLE_TYPE,
            classes = {RoutesBuilder.class, KafkaPublisher.class, Topics.class}))
@ConfigurationPropertiesScan(
    basePackageClasses = {
      FileDrop.class,
      Intake.class,
      Outbox.class,
      Leases.class,
      DurabilitySettings.class
    })
class KillableImport {

  /** Imports the file that the first argument names; the others are Spring's. */
  public static void main(String[] args) {
    Path file = Path.of(args[0]);
    var context =
        new SpringApplicationBuilder(KillableImport.class).web(WebApplicationType.NONE).run(args);
    try (context) {
      // The lease of one that was killed is free after a while.
      await()
          .forever()
          .pollInterval(Duration.ofMillis(50))
          .pollDelay(Duration.ZERO)
          .until(
              () -> {
                if (Files.exists(file)) {
                  context
                      .getBean(FileDrop.class)
                      .importNow(new FoundFile(file, FileSight.of(file), true));
                }
                return Files.notExists(file);
              });
    }
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  MeterRegistry meters() {
    return new SimpleMeterRegistry();
  }

  @Bean
  Traces noTraces() {
    return new Traces(null);
  }

  @Bean
  ConsumerLag noConsumers() {
    return () -> 0;
  }

  /** Its file holds orders. */
  @Bean
  Reversals noReversals() {
    return Mockito.mock(Reversals.class);
  }

  /** Leaves the outbox as it is: the application under test has a relay. */
  @Bean
  RecordPublisher noPublisher() {
    return (record, result) -> {
      throw new IllegalStateException("not here");
    };
  }
}
