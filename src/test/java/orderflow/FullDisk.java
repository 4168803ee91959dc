package orderflow;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A database that has no room on its disk for certain orders at the first attempts to write them.
 */
public final class FullDisk implements AutoCloseable {

  private final JdbcClient jdbc;

  private FullDisk(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * @param which a condition on the row {@code new} of orders
   */
  public static FullDisk forOrders(JdbcClient jdbc, String which, int attempts) {
    jdbc.sql(
            """
            create sequence attempts_on_full_disk;
            create function full_disk() returns trigger language plpgsql as $$
              begin
                if nextval('attempts_on_full_disk') <= %d then
                  raise 'could not extend file' using errcode = '53100';
                end if;
                return new;
              end $$;
            create trigger full_disk before insert on orders
              for each row when (%s) execute function full_disk();
            """
                .formatted(attempts, which))
        .update();
    return new FullDisk(jdbc);
  }

  @Override
  public void close() {
    jdbc.sql("drop function full_disk cascade; drop sequence attempts_on_full_disk").update();
  }
}
