package orderflow;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** A migrated database of a test's own, on the PostgreSQL of {@link RealServers}. */
public final class FreshDatabase {

  private FreshDatabase() {}

  private static final int MOST_CONNECTIONS = 20;

  /** Makes the database, or empties the one an earlier test left under this name. */
  public static DataSource named(String name) {
    HikariDataSource pool = new HikariDataSource();
    pool.setDataSource(unpooled(name));
    pool.setMaximumPoolSize(MOST_CONNECTIONS);
    pool.setMinimumIdle(0);
    pool.setIdleTimeout(Duration.ofSeconds(10).toMillis());
    return pool;
  }

  /** As {@link #named}, with a connection for each time that one is asked for. */
  public static PGSimpleDataSource unpooled(String name) {
    try (Connection connection = RealServers.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("drop database if exists " + name + " with (force)");
      statement.execute("create database " + name + " owner " + RealServers.jdbcUser());
    } catch (SQLException e) {
      throw new IllegalStateException("no database " + name, e);
    }
    PGSimpleDataSource fresh = source(RealServers.jdbcUrl().replaceFirst("/[^/]*$", "/" + name));
    Flyway.configure().dataSource(fresh).load().migrate();
    return fresh;
  }

  private static PGSimpleDataSource source(String url) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    source.setUser(RealServers.jdbcUser());
    source.setPassword(RealServers.jdbcPassword());
    return source;
  }
}
