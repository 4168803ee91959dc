package orderflow.platform.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import orderflow.FreshDatabase;
import orderflow.platform.jdbc.DatabaseSettings.Part;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.autoconfigure.jdbc.DataSourceProperties;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What PostgreSQL itself bounds in the sessions of each bulkhead. */
class SessionsTest {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(30);

  private static PGSimpleDataSource database;
  private static JdbcClient operator;

  private Pools pools;

  @BeforeAll
  static void makeDatabase() {
    database = FreshDatabase.unpooled("sessions");
    operator = JdbcClient.create(database);
  }

  @AfterEach
  void close() {
    if (pools != null) {
      pools.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void sendTheirSettingsWhenTheyBegin(Bulkhead bulkhead) {
    pools = pools(url(), LONG, SHORT, LONG);

    assertThat(
            Map.of(
                "statement_timeout", show(bulkhead, "statement_timeout"),
                "lock_timeout", show(bulkhead, "lock_timeout"),
                "idle", show(bulkhead, "idle_in_transaction_session_timeout"),
                "check", show(bulkhead, "client_connection_check_interval"),
                "keepalive", show(bulkhead, "tcp_keepalives_idle"),
                "user_timeout", show(bulkhead, "tcp_user_timeout"),
                "plan", show(bulkhead, "plan_cache_mode"),
                "name", show(bulkhead, "application_name")))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "statement_timeout", "30s",
                "lock_timeout", "300ms",
                "idle", "30s",
                "check", "2s",
                "keepalive", "6",
                "user_timeout", "12000",
                "plan", "force_generic_plan",
                "name", "orderflow " + bulkhead.name().toLowerCase(java.util.Locale.ROOT)));
  }

  @ParameterizedTest
  @EnumSource
  void commitToDiskWhateverTheDefaultsAre(Bulkhead bulkhead) {
    operator.sql("alter database sessions set synchronous_commit = off").update();
    try {
      pools = pools(with("options=-c%20synchronous_commit=off"), LONG, LONG, LONG);

      assertThat(operator.sql("show synchronous_commit").query(String.class).single())
          .isEqualTo("off");
      assertThat(show(bulkhead, "synchronous_commit")).isEqualTo("on");
    } finally {
      operator.sql("alter database sessions reset synchronous_commit").update();
    }
  }

  @Test
  void keepTheOptionsOfTheOperatorsUrl() {
    pools =
        pools(
            with("options=-c%20search_path=shop%20-c%20jit=on&ApplicationName=shop"),
            LONG,
            SHORT,
            LONG);

    assertThat(show(Bulkhead.INTAKE, "search_path")).isEqualTo("shop");
    assertThat(show(Bulkhead.INTAKE, "jit")).isEqualTo("on");
    assertThat(show(Bulkhead.INTAKE, "application_name")).isEqualTo("shop");
    assertThat(show(Bulkhead.INTAKE, "lock_timeout")).isEqualTo("300ms");
  }

  @Test
  void endWhenTheirClientIsFrozenInATransaction() throws SQLException {
    pools = pools(url(), LONG, LONG, SHORT);
    try (Connection frozen = pools.of(Bulkhead.INTAKE).getConnection();
        Statement statement = frozen.createStatement()) {
      frozen.setAutoCommit(false);
      statement.execute("lock table coupon");

      await().until(() -> locksOnCoupons() == 0);

      assertThatThrownBy(() -> statement.execute("select 1")).isInstanceOf(SQLException.class);
    }
    assertThat(show(Bulkhead.INTAKE, "idle_in_transaction_session_timeout")).isEqualTo("300ms");
  }

  @Test
  void giveUpWaitingForALock() throws SQLException {
    pools = pools(url(), LONG, SHORT, LONG);
    try (Connection holder = database.getConnection();
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("lock table coupon");

      assertSqlState("55P03", "select from coupon");
      assertThat(locksOnCoupons()).isEqualTo(1);
    }
  }

  @Test
  void giveUpAStatementThatTakesTooLong() {
    pools = pools(url(), SHORT, LONG, LONG);

    assertSqlState("57014", "select pg_sleep(60)");
  }

  /** As after a fail-over in which the connections have survived. */
  @Test
  void areReplacedWhenTheirServerTakesNoWritesAnyMore() throws SQLException {
    pools = pools(url(), LONG, LONG, LONG);
    operator.sql("alter database sessions set default_transaction_read_only = on").update();
    try {
      assertSqlState("25006", "update coupon set reserved = 0");
    } finally {
      operator
          .sql(
              """
              begin read write; alter database sessions reset default_transaction_read_only; commit
              """)
          .update();
    }

    await()
        .ignoreExceptions() // of a connection that was made a moment before
        .until(() -> update("update coupon set reserved = 0") == 0);
  }

  private int update(String sql) throws SQLException {
    try (Connection connection = pools.of(Bulkhead.INTAKE).getConnection();
        Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private void assertSqlState(String state, String sql) {
    assertThatThrownBy(
            () -> {
              try (Connection connection = pools.of(Bulkhead.INTAKE).getConnection();
                  Statement statement = connection.createStatement()) {
                statement.execute(sql);
              }
            })
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
  }

  private String show(Bulkhead bulkhead, String setting) {
    return JdbcClient.create(pools.of(bulkhead))
        .sql("show " + setting)
        .query(String.class)
        .single();
  }

  private static long locksOnCoupons() {
    return operator
        .sql("select count(*) from pg_locks where relation = 'coupon'::regclass")
        .query(Long.class)
        .single();
  }

  private static String with(String parameters) {
    return url() + "?" + parameters;
  }

  private static String url() {
    return "jdbc:postgresql://"
        + database.getServerNames()[0]
        + ":"
        + database.getPortNumbers()[0]
        + "/"
        + database.getDatabaseName();
  }

  private static Pools pools(String url, Duration statement, Duration lock, Duration idle) {
    Part part = new Part(1, statement, lock, idle);
    DataSourceProperties properties = new DataSourceProperties();
    properties.setUrl(url);
    properties.setUsername(database.getUser());
    properties.setPassword(database.getPassword());
    return new Pools(
        new DatabaseSettings(
            part,
            part,
            part,
            part,
            part,
            "on",
            Duration.ofSeconds(2),
            Duration.ofSeconds(12),
            Pooler.NONE,
            "plan_cache_mode=force_generic_plan jit=off"),
        properties,
        HikariConfig::new);
  }
}
