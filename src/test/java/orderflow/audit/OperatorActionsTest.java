package orderflow.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import orderflow.platform.security.Actor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class OperatorActionsTest {

  private static final DataSource DATABASE = FreshDatabase.named("audit");
  private static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");

  private final Logger log = (Logger) LoggerFactory.getLogger(OperatorActions.class);
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
  private final JdbcClient jdbc = JdbcClient.create(DATABASE);
  private final OperatorActions actions =
      new OperatorActions(jdbc, Clock.fixed(NOW, ZoneOffset.UTC));
  private final TransactionTemplate transaction =
      new TransactionTemplate(new DataSourceTransactionManager(DATABASE));

  @BeforeEach
  void listen() {
    log.setLevel(Level.INFO);
    appender.start();
    log.addAppender(appender);
  }

  @AfterEach
  void stopListening() {
    log.detachAppender(appender);
  }

  private List<String> lines() {
    return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void sayWhoDidWhatWhenAndInWhichRequest() {
    actions.record(
        new Actor("support", "operator", "r-1"),
        Action.REPLAY_DEAD_LETTERS,
        "point-consumer",
        Map.of("replays", 7));

    OperatorAction act = actions.list(1, null).entries().get(0);
    assertThat(act)
        .isEqualTo(
            new OperatorAction(
                act.id(),
                NOW,
                "support",
                "operator",
                "REPLAY_DEAD_LETTERS",
                "CONSUMER",
                "point-consumer",
                "r-1",
                act.detail()));
    assertThat(act.detail().path("replays").intValue()).isEqualTo(7);
    assertThat(lines())
        .containsExactly(
            "Operator action: REPLAY_DEAD_LETTERS by support (operator) on CONSUMER point-consumer, request r-1");
  }

  @Test
  void areThereWithTheirActsAlone() {
    String target = UUID.randomUUID().toString();

    transaction.executeWithoutResult(
        status -> {
          actions.record(new Actor("support", "operator", null), Action.RESEND_EMAIL, target);
          status.setRollbackOnly();
        });

    assertThat(actions.list(200, null).entries())
        .extracting(OperatorAction::targetId)
        .doesNotContain(target);
    assertThat(lines()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update operator_action set actor = 'nobody'",
        "delete from operator_action",
        "truncate operator_action"
      })
  void cannotBeChanged(String statement) {
    actions.record(new Actor("support", "operator", null), Action.DISCARD_DEAD_LETTER, 1);

    assertThatThrownBy(() -> jdbc.sql(statement).update())
        .hasMessageContaining("operator_action takes new rows only");
  }

  @Test
  void keepNoAddressForEver() {
    actions.record(
        new Actor("kim@example.com", "operator", "a\nb"),
        Action.ERASE_PERSONAL_DATA,
        "minji@example.com");

    assertThat(actions.list(1, null).entries().get(0).targetId()).matches("sha256:[0-9a-f]{64}");
    assertThat(lines())
        .last()
        .asString()
        .doesNotContain("minji@", "kim@")
        .contains("by ***@example.com", "request a?b");
  }

  @Test
  void arePagedNewestFirst() {
    for (int i = 0; i < 3; i++) {
      actions.record(new Actor("support", "operator", null), Action.DISCARD_DEAD_LETTER, i);
    }

    var first = actions.list(2, null);
    assertThat(first.entries()).extracting(OperatorAction::targetId).containsExactly("2", "1");
    assertThat(actions.list(1, first.next()).entries())
        .extracting(OperatorAction::targetId)
        .containsExactly("0");
  }
}
