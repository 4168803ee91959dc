package orderflow;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** A PostgreSQL for tests, started once. */
public class TestDatabase implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  private static class Started {
    static final EmbeddedPostgres POSTGRES = start();
  }

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    TestPropertyValues.of(
            "spring.datasource.url=" + Started.POSTGRES.getJdbcUrl("postgres", "postgres"),
            "spring.datasource.username=postgres")
        .applyTo(context);
  }

  private static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
