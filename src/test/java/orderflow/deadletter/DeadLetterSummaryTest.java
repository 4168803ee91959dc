package orderflow.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import orderflow.RowsRead;
import orderflow.deadletter.DeadLetterSummary.Group;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class DeadLetterSummaryTest {

  private static final Instant FAILED = Instant.parse("2026-11-22T05:00:00Z");

  private static DataSource database;
  private static JdbcClient jdbc;

  private int letters;

  @BeforeAll
  static void makeDatabase() {
    database = FreshDatabase.named("dead_letter_summary");
    jdbc = JdbcClient.create(database);
  }

  @BeforeEach
  void empty() {
    jdbc.sql("truncate dead_letter").update();
  }

  @Test
  void groupsWhatDiffersOnlyInItsValues() {
    assertOneCause(
        "coupon … can't be used: EXHAUSTED",
        "coupon WELCOME10 can't be used: EXHAUSTED",
        "coupon a.b:c-1 can't be used: EXHAUSTED");
    assertOneCause(
        "items/…/quantity is no whole number above 0",
        "items/0/quantity is no whole number above 0",
        "items/17/quantity is no whole number above 0");
    assertOneCause(
        "550 5.1.1 … … unknown, see … (#…)",
        "550 5.1.1 <minji@example.com> kim@example.com unknown, see 10.0.0.1 (#4F3A2B1C)",
        "550 5.1.1 <a> a@b unknown, see 10.0.255.1 (#9G3A2B1C7)");
    assertOneCause(
        "RecordTooLargeException: … bytes of …, order …",
        "RecordTooLargeException: 3000291 bytes of 2097152, order 01922b3c-0000-7000-8000-000000000001",
        "RecordTooLargeException: 4000291 bytes of 100000, order 01922b3c-0000-7000-8000-000000000002");
    assertOneCause("SQLException: ERROR: … is bad", "SQLException: ERROR: \"a b\" is bad");
  }

  @Test
  void keepsApartWhatIsOfAnotherKind() {
    insert("point-consumer", "total is negative", "WAITING");
    insert("point-consumer", "orderId is no UUID", "WAITING");
    insert("email-consumer", "total is negative", "WAITING");
    insert("email-consumer", "total is negative", "WAITING");

    assertThat(summary())
        .containsExactly(
            new Group("email-consumer", "total is negative", 2, false, at(2), at(3)),
            new Group("point-consumer", "orderId is no UUID", 1, false, at(1), at(1)),
            new Group("point-consumer", "total is negative", 1, false, at(0), at(0)));
  }

  @Test
  void countsOnlyWhatWaits() {
    insert("point-consumer", "bad", "REPLAYED");
    insert("point-consumer", "bad", "DISCARDED");

    assertThat(summary()).isEmpty();
  }

  @Test
  void groupsTheLongestErrorToo() {
    insert("point-consumer", "é".repeat(1_000), "WAITING");

    assertThat(summary()).extracting(Group::cause).containsExactly("é".repeat(200));
  }

  @Test
  void estimatesALargeGroupAndCountsTheOthersBesideIt() {
    insert("point-consumer", "total is negative", "WAITING");
    jdbc.sql(
            """
            insert into dead_letter (consumer, topic, partition, "offset", error, failed_at)
            select 'email-consumer', 'order.completed', 1, n, '554 relay access denied', ?
            from generate_series(1, 30000) as n
            """)
        .param(FAILED.atOffset(ZoneOffset.UTC))
        .update();
    jdbc.sql("analyze dead_letter").update();

    assertThat(summary()).extracting(Group::countEstimated).containsExactly(true, false);
    assertThat(summary().get(0).count()).isBetween(24_000L, 36_000L);
    assertThat(summary().get(1).count()).isEqualTo(1);
  }

  @Test
  void readsTheSameHoweverLargeAGroupIs() {
    jdbc.sql(
            """
            insert into dead_letter (consumer, topic, partition, "offset", error, failed_at)
            select 'email-consumer', 'order.completed', 1, n, '554 relay access denied', now()
            from generate_series(1, 30000) as n
            """)
        .update();

    assertThat(
            RowsRead.of(
                "dead_letter",
                database,
                sql -> new DeadLetterSummary(JdbcClient.create(sql)).groups()))
        .isLessThan(10_100);
  }

  private void assertOneCause(String cause, String... errors) {
    empty();
    for (String error : errors) {
      insert("email-consumer", error, "WAITING");
    }
    assertThat(summary())
        .extracting(Group::cause, Group::count)
        .containsExactly(tuple(cause, (long) errors.length));
  }

  private static List<Group> summary() {
    return new DeadLetterSummary(jdbc).groups();
  }

  private static Instant at(int letter) {
    return FAILED.plusSeconds(letter);
  }

  private void insert(String consumer, String error, String state) {
    jdbc.sql(
            """
            insert into dead_letter (consumer, topic, partition, "offset", error, failed_at, state)
            values (?, 'order.completed', 0, ?, ?, ?, ?)
            """)
        .params(consumer, letters, error, at(letters++).atOffset(ZoneOffset.UTC), state)
        .update();
  }
}
