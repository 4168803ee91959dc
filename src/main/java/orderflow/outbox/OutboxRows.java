package orderflow.outbox;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import orderflow.platform.jdbc.ArrayColumns;
import orderflow.platform.jdbc.SqlFile;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.ResultSetExtractor;

/** The outbox's table. */
final class OutboxRows {

  /**
   * A round's records are in memory several times; of each topic and lane, no more are read after
   * so many bytes.
   */
  static final int MOST_BYTES = 4 << 20;

  /** Rows of a stuck topic are counted up to here. */
  private static final int COUNTED = 100_000;

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private static final String TAKE = SqlFile.read("take-outbox.sql");

  /**
   * The broker has the records, so the commit does not wait until the disk has their deletion: if
   * the database server dies before that, they are published again. Rows are found by their key,
   * wherever an erasure has moved them; while it holds them they are left for later.
   */
  private static final String DELETE =
      """
      with settings as materialized (
        select set_config('synchronous_commit', 'off', true), set_config('lock_timeout', '100ms', true))
      delete from outbox where ctid = any (array(
        select row.ctid
        from settings cross join unnest(?::text[], ?::int2[], ?::int8[]) as sent (topic, lane, id)
        cross join lateral (
          select ctid from outbox
          where topic = sent.topic and lane = sent.lane and id = sent.id offset 0%s) as row
        where exists (select from lease where name = ? and number = ?)))
      """;

  private static final String DELETE_ALL = DELETE.formatted("");
  private static final String DELETE_UNLOCKED = DELETE.formatted(" for update skip locked");

  private static final String REMAINING =
      """
      select sent.id
      from unnest(?::text[], ?::int2[], ?::int8[]) as sent (topic, lane, id)
      where exists (
        select from outbox where topic = sent.topic and lane = sent.lane and id = sent.id offset 0)
      """;

  private static final String OLDEST =
      """
      with recursive present as (
        (select topic from outbox order by topic limit 1)
        union all
        select (select topic from outbox where topic > present.topic order by topic limit 1)
        from present where topic is not null
      )
      select extract(epoch from now() - min(oldest.created_at))
      from present cross join (values (0), (1)) as lanes (lane)
      cross join lateral (
        select created_at from outbox
        where topic = present.topic and lane = lanes.lane order by id limit 1) as oldest
      """;

  private final JdbcTemplate jdbc;

  OutboxRows(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * How many records to read.
   *
   * @param batch most of each topic
   * @param own most of topics that take fewer
   */
  record Limits(int batch, Map<String, Integer> own, BulkThrottle.Allowance bulk) {}

  boolean isEmpty() {
    return Boolean.FALSE.equals(
        jdbc.queryForObject("select exists (select from outbox)", Boolean.class));
  }

  /** Reads the next records, in no order. */
  List<OutboxRecord> next(Limits limits, List<Excluded.Key> excluded) {
    return execute(
        TAKE,
        statement -> {
          ArrayColumns parameters = new ArrayColumns(statement);
          parameters.addValue(limits.batch);
          parameters.addValue(limits.bulk.others());
          parameters.addValue(limits.bulk.awaited());
          parameters.addValue((long) MOST_BYTES);
          parameters.add("text", excluded, Excluded.Key::topic);
          parameters.add("bytea", excluded, Excluded.Key::key);
          List<Map.Entry<String, Integer>> own = List.copyOf(limits.own.entrySet());
          parameters.add("text", own, Map.Entry::getKey);
          parameters.add("int4", own, Map.Entry::getValue);
        },
        row -> {
          List<OutboxRecord> records = new ArrayList<>();
          while (row.next()) {
            records.add(record(row));
          }
          return records;
        });
  }

  /**
   * Deletes what the broker has, if the lease is still of this number.
   *
   * @param patient whether to leave rows that another transaction holds, rather than wait for it
   * @return the ids of those that are still there
   */
  Set<Long> delete(Collection<OutboxRecord> sent, String lease, long number, boolean patient) {
    int deleted;
    try {
      deleted = delete(patient ? DELETE_UNLOCKED : DELETE_ALL, sent, lease, number);
    } catch (DataAccessException e) {
      if (patient || !isLocked(e)) {
        throw e;
      }
      deleted = delete(DELETE_UNLOCKED, sent, lease, number);
    }
    return deleted == sent.size() ? Set.of() : remaining(sent);
  }

  private int delete(String statement, Collection<OutboxRecord> sent, String lease, long number) {
    Integer deleted =
        jdbc.execute(
            statement,
            (PreparedStatement prepared) -> {
              ArrayColumns parameters = keys(prepared, sent);
              parameters.addValue(lease);
              parameters.addValue(number);
              return prepared.executeUpdate();
            });
    return deleted == null ? 0 : deleted;
  }

  private static boolean isLocked(DataAccessException failure) {
    return failure.getMostSpecificCause() instanceof SQLException refused
        && LOCK_NOT_AVAILABLE.equals(refused.getSQLState());
  }

  private Set<Long> remaining(Collection<OutboxRecord> sent) {
    return execute(
        REMAINING,
        statement -> keys(statement, sent),
        row -> {
          Set<Long> ids = new HashSet<>();
          while (row.next()) {
            ids.add(row.getLong(1));
          }
          return ids;
        });
  }

  private static ArrayColumns keys(PreparedStatement statement, Collection<OutboxRecord> records)
      throws SQLException {
    List<OutboxRecord> list = List.copyOf(records);
    ArrayColumns parameters = new ArrayColumns(statement);
    parameters.add("text", list, OutboxRecord::topic);
    parameters.add("int2", list, OutboxRecord::lane);
    parameters.add("int8", list, OutboxRecord::id);
    return parameters;
  }

  /**
   * Takes one record out, as it is now.
   *
   * @return null if it is not there any more
   */
  @Nullable OutboxRecord remove(OutboxRecord sent) {
    return jdbc
        .query(
            """
            delete from outbox where topic = ? and lane = ? and id = ?
            returning id, lane, topic, key, payload, subject, headers::text, created_at
            """,
            (row, n) -> record(row),
            sent.topic(),
            sent.lane(),
            sent.id())
        .stream()
        .findFirst()
        .orElse(null);
  }

  /** How many records of a topic wait, counted up to {@value #COUNTED}. */
  String waiting(String topic) {
    Long rows =
        jdbc.queryForObject(
            "select count(*) from (select from outbox where topic = ? limit ?) as counted",
            Long.class,
            topic,
            COUNTED);
    return rows != null && rows >= COUNTED ? COUNTED + " or more" : String.valueOf(rows);
  }

  /** The age of the oldest record in seconds; 0 if there is none. */
  double oldestSeconds() {
    Double seconds = jdbc.queryForObject(OLDEST, Double.class);
    return seconds == null ? 0 : Math.max(0, seconds);
  }

  /** Binds a statement's parameters. */
  private interface Parameters {
    void bind(PreparedStatement statement) throws SQLException;
  }

  private <T> T execute(String sql, Parameters parameters, ResultSetExtractor<T> result) {
    T read = jdbc.query(sql, parameters::bind, result);
    if (read == null) {
      throw new IllegalStateException("no result");
    }
    return read;
  }

  private static OutboxRecord record(ResultSet row) throws SQLException {
    short lane = row.getShort("lane");
    String headers = row.getString("headers");
    return new OutboxRecord(
        row.getLong("id"),
        lane,
        row.getString("topic"),
        row.getBytes("key"),
        row.getBytes("payload"),
        row.getObject("subject", UUID.class),
        Priority.stored(lane).marked(headers == null ? null : RecordHeaders.of(headers)),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }
}
