package orderflow.fileimport;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import orderflow.platform.http.Cursor;
import orderflow.platform.http.Page;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The imports there are and were. */
@Repository
public class Imports {

  private static final String SHOWN =
      "id, file, state, reason, kind, delimiter, charset, profile, bytes_read, size, accepted,"
          + " duplicates, rejected, skipped, started_at, finished_at";

  private static final String PROGRESS =
      "id, file, size, modified, state, position, content_check, bytes_read, rejected_bytes,"
          + " rejected_unwritten, accepted, duplicates, rejected, skipped, kind, target, error, started_at";

  /**
   * An import goes on though its file has grown. Every other import of a file of this name that is
   * not known to have left the inbox is closed.
   */
  private static final String BEGIN =
      """
      with known as (
        select id from import where inbox = :inbox and file = :file and not left_inbox
        order by (size, modified) = (:size, :modified) desc, id desc limit 1),
      grown as (
        update import set size = :size, modified = :modified
         where id = (select id from known) and state = 'RUNNING' and size <= :size
         returning %1$s),
      replaced as (
        update import
           set left_inbox = true,
               state = case state when 'RUNNING' then 'FAILED' else state end,
               finished_at = coalesce(finished_at, :now),
               rejected_unwritten = null
         where inbox = :inbox and file = :file and not left_inbox and (size, modified) <> (:size, :modified)
           and id not in (select id from grown)),
      begun as (
        insert into import (inbox, file, size, modified, started_at)
        select :inbox, :file, cast(:size as bigint), cast(:modified as timestamptz), cast(:now as timestamptz)
         where not exists (select from grown)
        on conflict (inbox, file, size, modified) where not left_inbox do update set file = excluded.file
        returning %1$s)
      select * from grown union all select * from begun
      """
          .formatted(PROGRESS);

  private static final String IGNORE =
      """
      with replaced as (
        update import set left_inbox = true
         where inbox = :inbox and file = :file and not left_inbox and state = 'IGNORED'
           and (size, modified) <> (:size, :modified))
      insert into import (inbox, file, size, modified, state, reason, started_at, finished_at)
      values (:inbox, :file, :size, :modified, 'IGNORED', :reason, :now, :now)
      on conflict (inbox, file, size, modified) where not left_inbox do nothing
      """;

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
        jdbc.sql("select " + SHOWN + " from import where id < ? order by id desc limit ?")
            .params(before == null ? Long.MAX_VALUE : before, limit + 1)
            .query(Imports::toImport)
            .list();
    return Page.of(imports, limit, Import::id);
  }

  public Optional<Import> find(long id) {
    return jdbc.sql("select " + SHOWN + " from import where id = ?")
        .param(id)
        .query(Imports::toImport)
        .optional();
  }

  /** How far an import has come. */
  Progress progress(long id) {
    return jdbc.sql("select " + PROGRESS + " from import where id = ?")
        .param(id)
        .query(Imports::toProgress)
        .single();
  }

  /**
   * Begins the import of a file, or finds how far it came; what another file of this name left is
   * closed.
   */
  Progress begin(String inbox, FileIdentity drop) {
    return jdbc.sql(BEGIN)
        .param("inbox", inbox)
        .param("file", drop.name())
        .param("size", drop.size())
        .param("modified", utc(drop.modified()))
        .param("now", utc(clock.instant()))
        .query(Imports::toProgress)
        .single();
  }

  /**
   * Notes a file that is no file of orders.
   *
   * @return whether that was not known
   */
  boolean ignore(String inbox, FileIdentity file, String reason) {
    return jdbc.sql(IGNORE)
            .param("inbox", inbox)
            .param("file", file.name())
            .param("size", file.size())
            .param("modified", utc(file.modified()))
            .param("reason", reason)
            .param("now", utc(clock.instant()))
            .update()
        > 0;
  }

  /** Notes what a file is read as. */
  void readAs(long id, ImportFormat format) {
    jdbc.sql(
            "update import set kind = ?, delimiter = ?, charset = ?, profile = ?"
                + " where id = ? and state = 'RUNNING'")
        .params(format.kind(), format.delimiter(), format.charset(), format.profile(), id)
        .update();
  }

  /**
   * Keeps an import to this transaction, before anything is written for it.
   *
   * @throws ImportTakenOver if another instance has gone on with it
   */
  void lock(Progress from) {
    boolean there =
        jdbc.sql(
                "select id from import where id = ? and position = ? and state = 'RUNNING' for no key update")
            .params(from.id(), from.position())
            .query(Long.class)
            .optional()
            .isPresent();
    if (!there) {
      throw new ImportTakenOver(from.drop().name());
    }
  }

  /**
   * Saves how far an import has come, in the transaction of the orders it has come past.
   *
   * @throws ImportTakenOver if another instance has gone on with it
   */
  void advance(Progress from, Progress to) {
    int updated =
        jdbc.sql(
                """
                update import
                   set position = :position, content_check = :check, bytes_read = :bytesRead,
                       rejected_bytes = :rejectedBytes, rejected_unwritten = :unwritten,
                       accepted = :accepted, duplicates = :duplicates, rejected = :rejected,
                       skipped = :skipped
                 where id = :id and position = :from and state = 'RUNNING'""")
            .param("position", to.position())
            .param("check", to.check())
            .param("bytesRead", to.bytesRead())
            .param("rejectedBytes", to.rejectedBytes())
            .param("unwritten", to.unwritten(), Types.BINARY)
            .param("accepted", to.accepted())
            .param("duplicates", to.duplicates())
            .param("rejected", to.rejected())
            .param("skipped", to.skipped())
            .param("id", from.id())
            .param("from", from.position())
            .update();
    if (updated != 1) {
      throw new ImportTakenOver(from.drop().name());
    }
  }

  /** Begins anew: what was given back so far is gone. */
  Progress restart(Progress lost) {
    return jdbc.sql(
            "update import set position = 0, content_check = null, bytes_read = 0, rejected_bytes = 0,"
                + " rejected_unwritten = null, accepted = 0, duplicates = 0, rejected = 0, skipped = 0"
                + " where id = ? and position = ? and state = 'RUNNING' returning "
                + PROGRESS)
        .params(lost.id(), lost.position())
        .query(Imports::toProgress)
        .optional()
        .orElseThrow(() -> new ImportTakenOver(lost.drop().name()));
  }

  /** Closes an import whose file was overwritten; the next one begins with the new content. */
  void close(Progress overwritten) {
    jdbc.sql(
            """
            update import set state = 'FAILED', left_inbox = true, finished_at = ?, reason = ?, rejected_unwritten = null
             where id = ? and state = 'RUNNING'""")
        .params(
            utc(clock.instant()),
            "The file was overwritten while it was being imported; the new content has an import of its own.",
            overwritten.id())
        .update();
  }

  /**
   * Ends an import, all of whose rejected rows have been written; what is left is to move the file.
   *
   * @param error why the file could not be read, or null if it could
   * @throws ImportTakenOver if another instance has gone on with it
   */
  Progress end(Progress ended, String target, @Nullable String error) {
    return jdbc.sql(
            "update import set state = :state, target = :target, error = :error, reason = :reason,"
                + " rejected_unwritten = null,"
                + " finished_at = :now,"
                + " bytes_read = case :state when 'DONE' then size else bytes_read end"
                + " where id = :id and position = :position and state = 'RUNNING' returning "
                + PROGRESS)
        .param("state", error == null ? "DONE" : "FAILED")
        .param("target", target)
        .param("error", error)
        .param(
            "reason",
            error == null
                ? null
                : "It can't be read; failed/" + target + Inbox.ERROR_ENDING + " says why.")
        .param("now", utc(clock.instant()))
        .param("id", ended.id())
        .param("position", ended.position())
        .query(Imports::toProgress)
        .optional()
        .orElseThrow(() -> new ImportTakenOver(ended.drop().name()));
  }

  /**
   * Notes that the file has been moved: the next one like it is a new one, and why it failed is
   * told beside it.
   *
   * @param target the name that it has there, or null if it is not there
   */
  void leftInbox(Progress ended, @Nullable String target) {
    jdbc.sql(
            "update import set left_inbox = true, target = ?, error = null, rejected_unwritten = null where id = ?")
        .params(target, ended.id())
        .update();
  }

  /** Adds to an import that has ended what has been noticed since. */
  void note(long id, String reason) {
    jdbc.sql("update import set reason = ? where id = ?").params(reason, id).update();
  }

  /** The imports begun before a moment whose files, as far as is known, are still in this inbox. */
  List<Progress> inInboxSince(String inbox, Instant moment) {
    return jdbc.sql(
            "select "
                + PROGRESS
                + " from import where inbox = ? and not left_inbox and started_at < ?")
        .params(inbox, utc(moment))
        .query(Imports::toProgress)
        .list();
  }

  /** The latest imports of this inbox that ended after a moment and whose files were moved. */
  List<Progress> movedSince(String inbox, Instant moment, int atMost) {
    return jdbc.sql(
            "select "
                + PROGRESS
                + " from (select * from import order by id desc limit ?) as latest"
                + " where inbox = ? and left_inbox and target is not null and finished_at > ?")
        .params(atMost, inbox, utc(moment))
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
        row.getString("reason"),
        row.getString("kind") == null
            ? null
            : new ImportFormat(
                row.getString("kind"),
                row.getString("delimiter"),
                row.getString("charset"),
                row.getString("profile")),
        row.getLong("bytes_read"),
        row.getLong("size"),
        row.getLong("accepted"),
        row.getLong("duplicates"),
        row.getLong("rejected"),
        row.getLong("skipped"),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        Optional.ofNullable(row.getObject("finished_at", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant)
            .orElse(null));
  }

  private static Progress toProgress(ResultSet row, int n) throws SQLException {
    return new Progress(
        row.getLong("id"),
        new FileIdentity(
            row.getString("file"),
            row.getLong("size"),
            row.getObject("modified", OffsetDateTime.class).toInstant()),
        row.getString("state"),
        row.getLong("position"),
        row.getObject("content_check", Long.class),
        row.getLong("bytes_read"),
        row.getLong("rejected_bytes"),
        row.getBytes("rejected_unwritten"),
        row.getLong("accepted"),
        row.getLong("duplicates"),
        row.getLong("rejected"),
        row.getLong("skipped"),
        row.getString("kind"),
        row.getString("target"),
        row.getString("error"),
        row.getObject("started_at", OffsetDateTime.class).toInstant());
  }

  private static OffsetDateTime utc(Instant moment) {
    return moment.atOffset(ZoneOffset.UTC);
  }
}
