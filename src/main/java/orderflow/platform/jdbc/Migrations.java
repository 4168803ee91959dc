package orderflow.platform.jdbc;

import java.time.Duration;
import orderflow.platform.retry.FailureClassifier;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.flyway.FlywayMigrationStrategy;

/**
 * Brings the database's schema up to date. A script that would have to wait for a lock gives up
 * soon and is tried again: while it waited, every statement that came after it would wait behind
 * it.
 */
class Migrations implements FlywayMigrationStrategy {

  /** How long a script may wait for a lock. */
  static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(Migrations.class);

  private final Duration pause;

  Migrations(Duration pause) {
    this.pause = pause;
  }

  @Override
  public void migrate(Flyway flyway) {
    while (true) {
      try {
        flyway.migrate();
        return;
      } catch (RuntimeException e) {
        if (!FailureClassifier.isLockTimeout(e)) {
          throw e;
        }
        log.warn(
            "The database's schema can't be changed while others use it; trying again in {} s",
            pause.toSeconds());
        rest(e);
      }
    }
  }

  private void rest(RuntimeException failure) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }
}
