package orderflow;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** A migrated database of a test's own, on the PostgreSQL of {@link RealServers}. */
public final class FreshDatabase {

  private FreshDatabase() {}

  /** Makes the database, or empties the one an earlier test left under this name. */
  public static DataSource named(String name) {
    try (Connection connection = RealServers.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("drop database if exists " + name + " with (force)");
      statement.execute("create database " + name + " owner " + RealServers.jdbcUser());
    } catch (SQLException e) {
      throw new IllegalStateException("no database " + name, e);
    }
    DataSource fresh = source(RealServers.jdbcUrl().replaceFirst("/[^/]*$", "/" + name));
    Flyway.configure().dataSource(fresh).load().migrate();
    return fresh;
  }

  private static DataSource source(String url) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    source.setUser(RealServers.jdbcUser());
    source.setPassword(RealServers.jdbcPassword());
    return source;
  }
}
