package orderflow;

import java.time.Clock;
import orderflow.embedded.EmbeddedServersInitializer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** Starts Orderflow. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class Orderflow {

  public static void main(String[] args) {
    var application = new SpringApplication(Orderflow.class);
    application.addInitializers(new EmbeddedServersInitializer());
    application.run(args);
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }
}
