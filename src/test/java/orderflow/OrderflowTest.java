package orderflow;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.ContextConfiguration;

/**
 * An integration test: the whole application on a free port and on {@link RealServers}, the same
 * running one for every test that asks for nothing else.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "orderflow.security.api-key=" + OrderflowTest.API_KEY,
      // All tests come from one address.
      "orderflow.security.max-failed-logins-per-minute=100000",
      "orderflow.http.allowed-origins=https://shop.example",
      // A context that another test has left behind mends no order of this one's.
      "orderflow.reconcile.interval=1h",
      // Room for fewer orders than usual, so that it is soon full.
      "orderflow.intake.queue-capacity=100",
      "orderflow.intake.batch=50",
      // What a test locks is waited for until it lets it go, on a busy machine too.
      "orderflow.database.intake.lock-timeout=25s",
      "orderflow.database.intake.statement-timeout=30s",
      "orderflow.database.flow.lock-timeout=25s",
      "orderflow.database.flow.statement-timeout=30s",
      "orderflow.database.flow.idle-in-transaction-timeout=1m",
      "orderflow.intake.timeout=40s",
      "server.tomcat.threads.max=250"
    })
@AutoConfigureObservability(tracing = false)
@ContextConfiguration(initializers = RealServers.class)
public @interface OrderflowTest {

  /** The key its {@code /api} asks for. */
  String API_KEY = "a-key-that-is-for-tests-only";
}
