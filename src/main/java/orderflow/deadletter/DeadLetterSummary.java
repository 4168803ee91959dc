package orderflow.deadletter;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What waits among the dead letters, by consumer and cause. */
@Component
public class DeadLetterSummary {

  private static final int LARGEST_GROUPS = 200;

  private final JdbcClient jdbc;

  DeadLetterSummary(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Waiting dead letters of one consumer and one cause.
   *
   * @param cause the error without what differs from one record to the next
   * @param oldest when the first of them failed
   */
  public record Group(String consumer, String cause, long count, Instant oldest, Instant newest) {}

  /** The groups, the largest first. */
  public List<Group> groups() {
    return jdbc.sql(
            """
            select consumer, cause, count(*) as size, min(failed_at) as oldest, max(failed_at) as newest
            from dead_letter where state = 'WAITING'
            group by consumer, cause
            order by size desc, consumer, cause limit ?
            """)
        .param(LARGEST_GROUPS)
        .query(
            (row, n) ->
                new Group(
                    row.getString("consumer"),
                    row.getString("cause"),
                    row.getLong("size"),
                    row.getObject("oldest", OffsetDateTime.class).toInstant(),
                    row.getObject("newest", OffsetDateTime.class).toInstant()))
        .list();
  }
}
