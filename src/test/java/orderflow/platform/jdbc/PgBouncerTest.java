package orderflow.platform.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import orderflow.PgBouncer;
import orderflow.RealServers;
import orderflow.platform.jdbc.DatabaseSettings.Part;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.jdbc.DataSourceProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The pools of an instance behind a real PgBouncer. */
class PgBouncerTest {

  private static final String DATABASE = "pooled";

  private static JdbcClient operator;

  private PgBouncer pgBouncer;
  private Pools pools;

  @BeforeAll
  static void makeDatabase() {
    operator = JdbcClient.create(FreshDatabase.unpooled(DATABASE));
  }

  @BeforeEach
  void forgetDefaultsOfTheRole() {
    operator
        .sql("alter role " + RealServers.jdbcUser() + " in database " + DATABASE + " reset all")
        .update();
  }

  @AfterEach
  void close() throws InterruptedException {
    if (pools != null) {
      pools.close();
    }
    if (pgBouncer != null) {
      pgBouncer.close();
    }
  }

  @Test
  void inTransactionModeEverySessionHasTheSettingsAndNoStatementMissesItsPlan() throws Exception {
    pgBouncer = PgBouncer.start("transaction", "extra_float_digits,options", 3);
    String url = pgBouncer.jdbcUrl(DATABASE);
    DatabaseSettings settings = settings(Pooler.TRANSACTION);
    RoleDefaults.give(
        RoleDefaults.of(settings, url),
        () -> DriverManager.getConnection(url, RealServers.jdbcUser(), RealServers.jdbcPassword()));
    pools = pools(url, settings, unprepared());

    ExecutorService clients = Executors.newFixedThreadPool(8);
    List<Future<String>> seen = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      int n = i;
      seen.add(
          clients.submit(
              () ->
                  JdbcClient.create(pools.of(Bulkhead.FLOW))
                      .sql(
                          "select concat_ws(' ', current_setting('plan_cache_mode'),"
                              + " current_setting('lock_timeout'), ?::integer - ?,"
                              + " pg_sleep(0.001))")
                      .params(n, n)
                      .query(String.class)
                      .single()));
    }
    for (Future<String> answer : seen) {
      assertThat(answer.get().strip()).isEqualTo("force_generic_plan 3s 0");
    }
    clients.shutdown();
  }

  @Test
  void inTransactionModeATransactionHasTheTimesOfItsBulkheadAndLeavesNoneBehind() throws Exception {
    pgBouncer = PgBouncer.start("transaction", "extra_float_digits", 1);
    String url = pgBouncer.jdbcUrl(DATABASE);
    DatabaseSettings settings = settings(Pooler.TRANSACTION);
    RoleDefaults.give(
        RoleDefaults.of(settings, url),
        () -> DriverManager.getConnection(url, RealServers.jdbcUser(), RealServers.jdbcPassword()));
    pools = pools(url, settings, unprepared());
    DataSource routed = pools.routed();
    var transaction = new TransactionTemplate(new DatabaseTransactions(routed, settings, url));
    JdbcClient jdbc = JdbcClient.create(routed);

    String inMaintenance =
        Bulkhead.MAINTENANCE.call(() -> transaction.execute(status -> timeOut(jdbc)));

    assertThat(inMaintenance).isEqualTo("10min");
    assertThat(timeOut(jdbc)).isEqualTo("8s");
  }

  @Test
  void inSessionModeEachConnectionHasTheTimesOfItsBulkhead() throws Exception {
    pgBouncer = PgBouncer.start("session", "extra_float_digits", 10);
    pools = pools(pgBouncer.jdbcUrl(DATABASE), settings(Pooler.SESSION), new HikariConfig());

    assertThat(timeOut(JdbcClient.create(pools.of(Bulkhead.MAINTENANCE)))).isEqualTo("10min");
    assertThat(timeOut(JdbcClient.create(pools.of(Bulkhead.FLOW)))).isEqualTo("8s");
  }

  /** What the settings are for: the test above would pass without them if nothing went wrong. */
  @Test
  void inTransactionModePreparedStatementsAreMissed() throws Exception {
    pgBouncer = PgBouncer.start("transaction", "extra_float_digits", 1);
    HikariConfig prepared = new HikariConfig();
    prepared.addDataSourceProperty("prepareThreshold", "1");
    pools = pools(pgBouncer.jdbcUrl(DATABASE), settings(Pooler.TRANSACTION), prepared);
    JdbcClient.create(pools.of(Bulkhead.FLOW)).sql("select 1").query(Integer.class).single();

    assertThatThrownBy(
            () ->
                JdbcClient.create(pools.of(Bulkhead.REQUESTS))
                    .sql("select 2")
                    .query(Integer.class)
                    .single())
        .hasStackTraceContaining("prepared statement");
  }

  private static String timeOut(JdbcClient jdbc) {
    return jdbc.sql("show statement_timeout").query(String.class).single();
  }

  private static HikariConfig unprepared() {
    HikariConfig unprepared = new HikariConfig();
    unprepared.addDataSourceProperty("prepareThreshold", "0");
    return unprepared;
  }

  private static DatabaseSettings settings(Pooler pooler) {
    Part flow = part(8, 8, 3, 10);
    return new DatabaseSettings(
        part(2, 8, 2, 5),
        flow,
        part(2, 8, 3, 5),
        part(1, 5, 1, 5),
        part(1, 600, 0, 60),
        "on",
        Duration.ofSeconds(2),
        Duration.ofSeconds(12),
        pooler,
        "plan_cache_mode=force_generic_plan jit=off");
  }

  private static Part part(int connections, int statement, int lock, int idle) {
    return new Part(
        connections,
        Duration.ofSeconds(statement),
        Duration.ofSeconds(lock),
        Duration.ofSeconds(idle));
  }

  private static Pools pools(String url, DatabaseSettings settings, HikariConfig common) {
    DataSourceProperties properties = new DataSourceProperties();
    properties.setUrl(url);
    properties.setUsername(RealServers.jdbcUser());
    properties.setPassword(RealServers.jdbcPassword());
    return new Pools(
        settings,
        properties,
        () -> {
          HikariConfig copy = new HikariConfig();
          copy.setDataSourceProperties(
              (java.util.Properties) common.getDataSourceProperties().clone());
          return copy;
        });
  }
}
