package orderflow;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Counts what statements read, planned as on the application's own connections. */
public final class RowsRead {

  private static final String COUNT =
      "select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables where relname = ?";

  private RowsRead() {}

  /** How many rows of a table some work reads; what it changes is undone. */
  public static long of(String table, DataSource database, Consumer<JdbcTemplate> work) {
    // A connection of a pool may have plans that were made before.
    DataSource fresh = database instanceof HikariDataSource pool ? pool.getDataSource() : database;
    try (Connection connection = fresh.getConnection()) {
      JdbcTemplate jdbc = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
      jdbc.execute("analyze " + table);
      jdbc.execute(settings());
      connection.setAutoCommit(false);
      long before = count(jdbc, table);
      work.accept(jdbc);
      long read = count(jdbc, table) - before;
      connection.rollback();
      return read;
    } catch (SQLException e) {
      throw new IllegalStateException("the rows can't be counted", e);
    }
  }

  private static long count(JdbcTemplate jdbc, String table) {
    return Objects.requireNonNull(jdbc.queryForObject(COUNT, Long.class, table));
  }

  /** As statements. */
  public static String settings() {
    var yaml = new YamlPropertiesFactoryBean();
    yaml.setResources(new FileSystemResource("application.yml"));
    String session =
        Objects.requireNonNull(yaml.getObject()).getProperty("orderflow.database.session");
    return "set " + session.strip().replaceAll("\\s+", "; set ");
  }
}
