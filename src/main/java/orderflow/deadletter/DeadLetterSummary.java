package orderflow.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import orderflow.platform.jdbc.BoundedCounts;
import orderflow.platform.jdbc.SqlFile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What waits among the dead letters, by consumer and cause. */
@Component
public class DeadLetterSummary {

  private static final String GROUPS = SqlFile.read("dead-letter-summary.sql");
  private static final int LARGEST_GROUPS = 200;

  private final JdbcClient jdbc;

  DeadLetterSummary(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Waiting dead letters of one consumer and one cause.
   *
   * @param cause the error without what differs from one record to the next
   * @param countEstimated whether they are too many to be counted one by one
   * @param oldest when the first of them failed
   */
  public record Group(
      String consumer,
      String cause,
      long count,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean countEstimated,
      Instant oldest,
      Instant newest) {}

  private record Counted(
      String consumer,
      String cause,
      long size,
      OffsetDateTime oldest,
      OffsetDateTime newest,
      long allWaiting) {}

  /** The groups, the largest first. */
  public List<Group> groups() {
    List<Counted> groups = jdbc.sql(GROUPS).param(LARGEST_GROUPS).query(Counted.class).list();
    long estimate =
        groups.isEmpty()
            ? 0
            : BoundedCounts.estimate(
                groups.stream().map(Counted::size).toList(), groups.get(0).allWaiting());
    return groups.stream()
        .map(
            group -> {
              boolean exact = BoundedCounts.isExact(group.size());
              return new Group(
                  group.consumer(),
                  group.cause(),
                  exact ? group.size() : estimate,
                  !exact,
                  group.oldest().toInstant(),
                  group.newest().toInstant());
            })
        .sorted(Comparator.comparingLong(Group::count).reversed())
        .toList();
  }
}
