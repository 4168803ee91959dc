package orderflow.reversal;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import orderflow.platform.jdbc.SqlFile;
import orderflow.platform.retry.BackgroundLoop;
import orderflow.platform.role.InstanceRole;
import orderflow.platform.role.OnInstanceRole;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Frees the places of effects that have not come for long, a few at a time. What was taken back
 * stays as it is, and so does the cancellation.
 */
@Configuration(proxyBeanMethods = false)
class SlotRetention {

  private static final String FREE = SqlFile.read("free-slots.sql");
  private static final Duration POLL = Duration.ofHours(1);
  private static final int BATCH = 500;

  private final JdbcTemplate jdbc;
  private final SlotSettings settings;
  private final Clock clock;

  SlotRetention(JdbcTemplate jdbc, SlotSettings settings, Clock clock) {
    this.jdbc = jdbc;
    this.settings = settings;
    this.clock = clock;
  }

  @Bean
  @OnInstanceRole(InstanceRole.MAINTENANCE)
  BackgroundLoop slotRetentionLoop() {
    return new BackgroundLoop("slot-retention", POLL, this::freeSome);
  }

  /** Returns whether there may be more. */
  boolean freeSome() {
    Integer freed =
        jdbc.queryForObject(
            FREE,
            Integer.class,
            clock.instant().minus(settings.keepSlots()).atOffset(ZoneOffset.UTC),
            BATCH);
    return freed != null && freed == BATCH;
  }
}
