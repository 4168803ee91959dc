package orderflow.platform.lease;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Leases by name. A lease belongs to one thread: its own instance does not get it twice either. */
@Component
public class Leases {

  /**
   * Asks first: an upsert alone would wait for the row that a holder confirms in a transaction. A
   * row of this term whose lease is not in use here is one whose grant was lost on its way.
   */
  private static final String TAKE =
      """
      insert into lease (name, holder)
      select ?, id from instance
      where id = ? and not exists (
        select from lease join instance as other on other.id = lease.holder
        where lease.name = ? and lease.holder <> instance.id)
      on conflict (name) do update set holder = excluded.holder, since = excluded.since, number = default
      where lease.holder = excluded.holder
        or not exists (select from instance as other where other.id = lease.holder)
      returning number
      """;

  private static final String RELEASE =
      "delete from lease where name = ? and number = ? and holder = ?";

  private final JdbcTemplate jdbc;
  private final Instance instance;
  private final Queue<Lease> unreleased = new ConcurrentLinkedQueue<>();

  /** Those of this instance, and names that are being asked for. */
  private final Map<String, Object> inUse = new ConcurrentHashMap<>();

  Leases(JdbcTemplate jdbc, Instance instance) {
    this.jdbc = jdbc;
    this.instance = instance;
    instance.afterEachBeat(this::releaseLeftovers);
  }

  /** Who holds a lease. */
  public record Holder(String instance, Instant since) {}

  /**
   * Takes a lease.
   *
   * @return null if another instance or another thread of this one holds it, or if this instance
   *     has no valid term at the moment
   * @throws DataAccessException if the database can't be asked
   */
  public @Nullable Lease take(String name) {
    Term term = instance.term();
    if (term == null) {
      return null;
    }
    Object before = inUse.get(name);
    if (before != null && !(before instanceof Lease lease && !lease.isHeld())) {
      return null;
    }
    Object asked = new Object();
    if (before == null
        ? inUse.putIfAbsent(name, asked) != null
        : !inUse.replace(name, before, asked)) {
      return null;
    }
    Lease taken = null;
    try {
      taken =
          jdbc.queryForList(TAKE, Long.class, name, term.id(), name).stream()
              .map(number -> new Lease(this, name, number, term))
              .findFirst()
              .orElse(null);
      return taken;
    } finally {
      if (taken == null) {
        inUse.remove(name, asked);
      } else {
        inUse.replace(name, asked, taken);
      }
    }
  }

  /** Who holds a lease now; empty if it is free. */
  public Optional<Holder> holder(String name) {
    return jdbc
        .query(
            """
            select instance.name, lease.since
            from lease join instance on instance.id = lease.holder where lease.name = ?
            """,
            (row, n) ->
                new Holder(
                    row.getString("name"),
                    row.getObject("since", OffsetDateTime.class).toInstant()),
            name)
        .stream()
        .findFirst();
  }

  boolean confirm(Lease lease) {
    return !jdbc.queryForList(
            "select number from lease where name = ? and number = ? and holder = ? for share",
            Long.class,
            lease.name(),
            lease.number(),
            lease.holder())
        .isEmpty();
  }

  void release(Lease lease) {
    inUse.remove(lease.name(), lease);
    try {
      jdbc.update(RELEASE, lease.name(), lease.number(), lease.holder());
    } catch (DataAccessException e) {
      unreleased.add(lease);
    }
  }

  private void releaseLeftovers() {
    for (Lease lease = unreleased.peek(); lease != null; lease = unreleased.peek()) {
      jdbc.update(RELEASE, lease.name(), lease.number(), lease.holder());
      unreleased.remove();
    }
  }
}
