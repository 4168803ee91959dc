package orderflow.importing;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import orderflow.paging.Cursor;
import orderflow.paging.Page;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The imports there are and were. */
@Repository
public class Imports {

  private final JdbcClient jdbc;
  private final Clock clock;

  Imports(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /** Lists imports, the newest first. */
  public Page<Import> list(int limit, @Nullable String cursor) {
    Long before = Cursor.read(cursor, Long::valueOf);
    List<Import> imports =
        jdbc.sql("select * from import where id < ? order by id desc limit ?")
            .params(before == null ? Long.MAX_VALUE : before, limit + 1)
            .query(Imports::toImport)
            .list();
    return Page.of(imports, limit, Import::id);
  }

  public Optional<Import> find(long id) {
    return jdbc.sql("select * from import where id = ?")
        .param(id)
        .query(Imports::toImport)
        .optional();
  }

  /** How far an import has come. */
  Progress progress(long id) {
    return jdbc.sql("select * from import where id = ?")
        .param(id)
        .query(Imports::toProgress)
        .single();
  }

  /**
   * Begins the import of a file, or finds how far it came; what another file of this name left is
   * closed.
   */
  Progress begin(String inbox, DropIdentity drop) {
    return jdbc.sql(
            """
            with replaced as (
              update import
                 set left_inbox = true,
                     state = case state when 'RUNNING' then 'FAILED' else state end,
                     finished_at = coalesce(finished_at, :now)
               where inbox = :inbox and file = :file and not left_inbox and (size, modified) <> (:size, :modified))
            insert into import (inbox, file, size, modified, started_at)
            values (:inbox, :file, :size, :modified, :now)
            on conflict (inbox, file, size, modified) where not left_inbox do update set file = excluded.file
            returning *""")
        .param("inbox", inbox)
        .param("file", drop.name())
        .param("size", drop.size())
        .param("modified", utc(drop.modified()))
        .param("now", utc(clock.instant()))
        .query(Imports::toProgress)
        .single();
  }

  /**
   * Saves how far an import has come, in the transaction of the orders it has come past.
   *
   * @throws ImportLost if another instance has gone on with it
   */
  void advance(Progress from, Progress to) {
    int updated =
        jdbc.sql(
                """
                update import
                   set position = :position, bytes_read = :bytesRead, size = :size, modified = :modified,
                       rejected_bytes = :rejectedBytes,
                       accepted = :accepted, duplicates = :duplicates, rejected = :rejected
                 where id = :id and position = :from and state = 'RUNNING'""")
            .param("position", to.position())
            .param("bytesRead", to.bytesRead())
            .param("size", to.drop().size())
            .param("modified", utc(to.drop().modified()))
            .param("rejectedBytes", to.rejectedBytes())
            .param("accepted", to.accepted())
            .param("duplicates", to.duplicates())
            .param("rejected", to.rejected())
            .param("id", from.id())
            .param("from", from.position())
            .update();
    if (updated != 1) {
      throw new ImportLost(from.drop().name());
    }
  }

  /** Begins anew: what was given back so far is gone. */
  Progress restart(Progress lost) {
    return jdbc.sql(
            """
            update import
               set position = 0, bytes_read = 0, rejected_bytes = 0, accepted = 0, duplicates = 0, rejected = 0
             where id = ? returning *""")
        .param(lost.id())
        .query(Imports::toProgress)
        .single();
  }

  /**
   * Ends an import; what is left is to move the file.
   *
   * @param error why the file could not be read, or null if it could
   */
  Progress end(Progress ended, String target, @Nullable String error) {
    return jdbc.sql(
            """
            update import
               set state = :state, target = :target, error = :error, finished_at = :now,
                   bytes_read = case :state when 'DONE' then size else bytes_read end
             where id = :id returning *""")
        .param("state", error == null ? "DONE" : "FAILED")
        .param("target", target)
        .param("error", error)
        .param("now", utc(clock.instant()))
        .param("id", ended.id())
        .query(Imports::toProgress)
        .single();
  }

  /**
   * Notes that the file has been moved: the next one like it is a new one, and why it failed is
   * told beside it.
   */
  void leftInbox(Progress ended) {
    jdbc.sql("update import set left_inbox = true, error = null where id = ?")
        .param(ended.id())
        .update();
  }

  /** The imports begun before a moment whose files, as far as is known, are still in this inbox. */
  List<Progress> inInboxSince(String inbox, Instant moment) {
    return jdbc.sql("select * from import where inbox = ? and not left_inbox and started_at < ?")
        .params(inbox, utc(moment))
        .query(Imports::toProgress)
        .list();
  }

  /**
   * Forgets some of the imports that ended before a moment, and of those that never did though they
   * began before it.
   */
  int forgetBefore(Instant moment, int atMost) {
    return jdbc.sql(
            """
            delete from import where id in (
              select id from import where coalesce(finished_at, started_at) < ? limit ?)
            """)
        .params(utc(moment), atMost)
        .update();
  }

  private static Import toImport(ResultSet row, int n) throws SQLException {
    return new Import(
        row.getLong("id"),
        row.getString("file"),
        row.getString("state"),
        row.getLong("bytes_read"),
        row.getLong("size"),
        row.getLong("accepted"),
        row.getLong("duplicates"),
        row.getLong("rejected"),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        Optional.ofNullable(row.getObject("finished_at", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant)
            .orElse(null));
  }

  private static Progress toProgress(ResultSet row, int n) throws SQLException {
    return new Progress(
        row.getLong("id"),
        new DropIdentity(
            row.getString("file"),
            row.getLong("size"),
            row.getObject("modified", OffsetDateTime.class).toInstant()),
        row.getString("state"),
        row.getLong("position"),
        row.getLong("bytes_read"),
        row.getLong("rejected_bytes"),
        row.getLong("accepted"),
        row.getLong("duplicates"),
        row.getLong("rejected"),
        row.getString("target"),
        row.getString("error"),
        row.getObject("started_at", OffsetDateTime.class).toInstant());
  }

  private static OffsetDateTime utc(Instant moment) {
    return moment.atOffset(ZoneOffset.UTC);
  }
}
