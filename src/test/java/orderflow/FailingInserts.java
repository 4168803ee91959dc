package orderflow;

import org.springframework.jdbc.core.simple.JdbcClient;

/** A table that takes certain rows only after the first attempts to write them. */
public final class FailingInserts implements AutoCloseable {

  /** What PostgreSQL says when the disk is full. */
  public static final String DISK_FULL = "53100";

  private final JdbcClient jdbc;

  private FailingInserts(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * @param which a condition on a row {@code new}, whose attempts the sequence attempts_of_test
   *     counts
   * @param sqlState what the first attempts fail with
   */
  public static FailingInserts into(
      JdbcClient jdbc, String table, String which, String sqlState, int attempts) {
    jdbc.sql(
            """
            create sequence attempts_of_test;
            create function fail_at_first() returns trigger language plpgsql as $$
              begin
                if nextval('attempts_of_test') <= %s then
                  raise 'not now' using errcode = '%s';
                end if;
                return new;
              end $$;
            create trigger fail_at_first before insert on %s
              for each row when (%s) execute function fail_at_first();
            """
                .formatted(attempts, sqlState, table, which))
        .update();
    return new FailingInserts(jdbc);
  }

  @Override
  public void close() {
    jdbc.sql("drop function fail_at_first cascade; drop sequence attempts_of_test").update();
  }
}
