package orderflow;

import java.time.Clock;
import java.util.Locale;
import orderflow.platform.embedded.EmbeddedServersInitializer;
import orderflow.platform.security.NewKey;
import orderflow.platform.startup.DatabaseWait;
import orderflow.platform.startup.SettingsCheck;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.freemarker.FreeMarkerAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** Starts Orderflow. */
// Templates are rendered by the features that have them, not by a view resolver; who may call is
// decided by our own.
@SpringBootApplication(
    exclude = {FreeMarkerAutoConfiguration.class, SecurityAutoConfiguration.class})
@ConfigurationPropertiesScan
public class Orderflow {

  public static void main(String[] args) {
    if (NewKey.isAskedFor(args)) {
      System.exit(NewKey.run(System.out, System.err, args));
    }
    // Messages of libraries are in the log's language, whatever the machine's is.
    Locale.setDefault(Locale.ENGLISH);
    var application = new SpringApplication(Orderflow.class);
    application.addInitializers(
        new SettingsCheck(), new EmbeddedServersInitializer(), new DatabaseWait());
    application.run(args);
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }
}
