package orderflow.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import orderflow.platform.http.Cursor;
import orderflow.platform.http.Page;
import orderflow.platform.jdbc.AfterCommit;
import orderflow.platform.security.Actor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The record of operators' acts. A row is written in the act's own transaction, so that neither is
 * there without the other; the log line follows the commit.
 */
@Component
public class OperatorActions {

  private static final Logger log = LoggerFactory.getLogger(OperatorActions.class);
  private static final JsonMapper JSON = new JsonMapper();

  private final JdbcClient jdbc;
  private final Clock clock;

  public OperatorActions(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /** Records an act on one thing. */
  public void record(Actor actor, Action action, Object target) {
    record(actor, action, target, Map.of());
  }

  /**
   * Records an act.
   *
   * @param target the id of what was acted on; one that is an e-mail address is recorded as its
   *     SHA-256, because no row can be erased
   * @param detail what else an auditor needs to know; nothing personal
   */
  public void record(Actor actor, Action action, Object target, Map<String, ?> detail) {
    String id = withoutAddress(target.toString());
    jdbc.sql(
            """
            insert into operator_action (at, actor, role, action, target_kind, target_id, request_id, detail)
            values (?, ?, ?, ?, ?, ?, ?, ?::jsonb)
            """)
        .params(
            clock.instant().atOffset(ZoneOffset.UTC),
            storable(actor.name()),
            actor.role(),
            action.name(),
            action.targetKind(),
            storable(id),
            actor.requestId(),
            json(detail))
        .update();
    AfterCommit.run(() -> log(actor, action, id));
  }

  /** Lists the acts, the newest first. */
  public Page<OperatorAction> list(int limit, @Nullable String cursor) {
    Long before = Cursor.read(cursor, Long::valueOf);
    return Page.of(
        jdbc.sql(
                """
                select id, at, actor, role, action, target_kind, target_id, request_id, detail::text
                from operator_action where id < ? order by id desc limit ?
                """)
            .params(before == null ? Long.MAX_VALUE : before, limit + 1)
            .query(OperatorActions::action)
            .list(),
        limit,
        OperatorAction::id);
  }

  private static void log(Actor actor, Action action, String target) {
    log.info(
        "Operator action: {} by {} ({}) on {} {}, request {}",
        action,
        printable(withoutLocalPart(actor.name())),
        actor.role(),
        action.targetKind(),
        printable(target),
        actor.requestId() == null ? "without id" : printable(actor.requestId()));
  }

  private static OperatorAction action(ResultSet row, int n) throws SQLException {
    return new OperatorAction(
        row.getLong("id"),
        row.getObject("at", OffsetDateTime.class).toInstant(),
        row.getString("actor"),
        row.getString("role"),
        row.getString("action"),
        row.getString("target_kind"),
        row.getString("target_id"),
        row.getString("request_id"),
        tree(row.getString("detail")));
  }

  /**
   * An id as it is recorded: a customer's may be an e-mail address, of which its SHA-256 is kept.
   */
  public static String withoutAddress(String id) {
    return id.contains("@") ? "sha256:" + sha256(id) : id;
  }

  private static String withoutLocalPart(String name) {
    int at = name.lastIndexOf('@');
    return at < 0 ? name : "***" + name.substring(at);
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  /** A text as it is recorded: PostgreSQL stores no NUL. */
  public static String storable(String text) {
    return text.replace("\0", "\\0");
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String json(Map<String, ?> detail) {
    try {
      return JSON.writeValueAsString(detail);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the detail of an act cannot be written as JSON", e);
    }
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the detail of an act cannot be read as JSON", e);
    }
  }
}
