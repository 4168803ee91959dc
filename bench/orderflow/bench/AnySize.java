package orderflow.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import orderflow.RowsRead;
import orderflow.audit.OperatorActions;
import orderflow.consumer.ConsumerNames;
import orderflow.consumer.OrderConsumers;
import orderflow.consumer.TestConsumers;
import orderflow.deadletter.DeadLetterDesk;
import orderflow.deadletter.DeadLetterSummary;
import orderflow.operation.OperationSettings;
import orderflow.operation.OperationWork;
import orderflow.operation.Operations;
import orderflow.platform.security.Actor;
import orderflow.privacy.PersonalData;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.util.FileSystemUtils;

/**
 * What operators ask for, on tables of a size that no single statement could go through. Statements
 * that take more than 9 s fail.
 */
final class AnySize {

  private static final int DEAD_LETTERS = 1_000_000;
  private static final int ORDERS = 500_000;
  private static final int OUTBOX = 1_000_000;
  private static final Actor OPERATOR = new Actor("bench", "operator", null);

  private final PostgresServer server;
  private final double share;
  private final Report report;

  private AnySize(PostgresServer server, double share, Report report) {
    this.server = server;
    this.share = share;
    this.report = report;
  }

  public static void main(String[] arguments) throws Exception {
    double share = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 1;
    Path folder = Files.createDirectories(Path.of("target/bench/AnySize")).toAbsolutePath();
    Report report = new Report();
    report.about("machine", Machine.description());
    try (PostgresServer server = new PostgresServer(folder.resolve("postgres"), Ports.free())) {
      server.start();
      try (HikariDataSource database = database(server)) {
        Flyway.configure()
            .dataSource(server.url(), server.user(), server.password())
            .load()
            .migrate();
        new AnySize(server, share, report).run(database);
      }
      report.save(folder.resolve("any-size.json"));
    } finally {
      FileSystemUtils.deleteRecursively(folder.resolve("postgres"));
    }
  }

  private static HikariDataSource database(PostgresServer server) {
    var database = new HikariDataSource();
    database.setJdbcUrl(server.url());
    database.setUsername(server.user());
    database.setPassword(server.password());
    database.setConnectionInitSql(RowsRead.settings() + "; set statement_timeout = '9s'");
    return database;
  }

  @EnableTransactionManagement
  static class Transactions {}

  /** The application's own parts. */
  private static AnnotationConfigApplicationContext parts(DataSource database) throws Exception {
    var parts = new AnnotationConfigApplicationContext();
    parts.registerBean(DataSource.class, () -> database);
    parts.registerBean(JdbcTemplate.class, () -> new JdbcTemplate(database));
    parts.registerBean(JdbcClient.class, () -> JdbcClient.create(database));
    parts.registerBean(
        PlatformTransactionManager.class, () -> new DataSourceTransactionManager(database));
    parts.registerBean(Clock.class, Clock::systemUTC);
    parts.registerBean(MeterRegistry.class, SimpleMeterRegistry::new);
    parts.registerBean(OrderConsumers.class, TestConsumers::named);
    parts.registerBean(ConsumerNames.class, () -> TestConsumers.names(JdbcClient.create(database)));
    parts.registerBean(
        OperationSettings.class, () -> new OperationSettings(100, Duration.ofDays(90)));
    parts.register(
        Transactions.class,
        OperatorActions.class,
        DeadLetterDesk.class,
        DeadLetterSummary.class,
        Operations.class,
        Class.forName("orderflow.deadletter.GroupReplay"),
        Class.forName("orderflow.deadletter.DeadLetterErasure"),
        Class.forName("orderflow.mail.MailErasure"),
        Class.forName("orderflow.metrics.Backlog"));
    parts.scan("orderflow.privacy");
    parts.refresh();
    return parts;
  }

  private void run(DataSource database) throws Exception {
    fill();
    try (AnnotationConfigApplicationContext parts = parts(database)) {
      DeadLetterDesk desk = parts.getBean(DeadLetterDesk.class);
      report.section("Calls, ms");
      Object backlog = parts.getBean(Class.forName("orderflow.metrics.Backlog"));
      var now = backlog.getClass().getDeclaredMethod("now");
      now.setAccessible(true);
      timed("what a scrape asks for", () -> now.invoke(backlog));
      timed("summary", parts.getBean(DeadLetterSummary.class)::groups);
      timed("list of a rare state", () -> desk.list(null, "DISCARDED", 50, null).entries().size());
      timed(
          "replay of one cause asked for",
          () -> desk.replayAll(group("point-consumer", "is no JSON"), OPERATOR));
      timed(
          "replay of all asked for", () -> desk.replayAll(group("email-consumer", null), OPERATOR));
      OperationWork replays =
          (OperationWork) parts.getBean(Class.forName("orderflow.deadletter.GroupReplay"));
      timed(
          "a step of 1,000 replays",
          () ->
              replays.step(
                  new OperationWork.Open(
                      1,
                      "RUNNING",
                      "point-consumer",
                      null,
                      0,
                      0,
                      0,
                      1_000,
                      null,
                      null,
                      0,
                      Long.MAX_VALUE,
                      null),
                  1_000,
                  OffsetDateTime.now(Clock.systemUTC())));
      erase(parts.getBean(PersonalData.class));
      report.section("After the erasure, ms");
      timed("summary", parts.getBean(DeadLetterSummary.class)::groups);
    }
  }

  private static DeadLetterDesk.Group group(String consumer, @Nullable String cause) {
    return new DeadLetterDesk.Group(consumer, cause, null, null, null);
  }

  private void erase(PersonalData personalData) throws Exception {
    report.section("Erasure of a customer of " + (int) (share * ORDERS) + " orders");
    long began = System.nanoTime();
    try (LongestStatement longest = new LongestStatement()) {
      personalData.erase("c-large", OPERATOR);
      report.add("answered after, s", seconds(began));
      await("select count(*) from erased_customer where sweep = 0");
      report.add("all blanked after, s", seconds(began));
      await("select count(*) from erased_customer where due_at is not null");
      report.add("the second sweep, which begins after a minute, ended after, s", seconds(began));
      report.add("longest statement, ms", longest.millis);
      System.out.println("  it was: " + longest.statement.get());
    }
    report.add(
        "names and mails left",
        server.number(
                "select count(*) from orders where customer_id = 'c-large' and customer_name <> ''")
            + server.number(
                "select count(*) from mail where customer_id = 'c-large' and event <> ''"));
  }

  private void await(String countOfRest) throws Exception {
    while (server.number(countOfRest) > 0) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private void fill() throws SQLException {
    String letters =
        """
        insert into dead_letter (consumer, topic, partition, "offset", payload, order_id, customer_id, error, failed_at)
        select (array['point-consumer', 'email-consumer'])[1 + n %% 2], 'order.completed', 0, n,
          convert_to('{"n":' || n || ',"email":"a' || n || '@example.com","text":"' || repeat('x', 300) || '"}', 'UTF8'),
          gen_random_uuid(), case when n %% 10 > 0 then 'c-' || n %% 1000 end,
          (array['is no JSON', 'total is negative', '554 relay access denied'])[1 + n %% 3], now()
        from generate_series(1, %d) as n
        """;
    String orders =
        """
        insert into orders
        select (lpad(to_hex(1700000000000 + n), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid, 'large-' || n,
          sha256('x'), 'c-large', 'kim' || n %% 3 || '@example.com', 'Kim', 'ko', 'KRW', 100, 0, 100, null,
          to_timestamp(1700000000)
        from generate_series(1, %d) as n
        """;
    String mails =
        """
        insert into mail (order_id, kind, customer_id, event, state, queued_at, next_attempt_at, source_topic,
          source_partition, source_offset)
        select id, 'CONFIRMATION', customer_id,
          '{"orderId":"' || id || '","customer":{"id":"c-large","email":"kim@example.com"},"text":"' || repeat('x', 400)
            || '","completedAt":"2023-11-14T22:13:20Z"}', 'SENT', now(), now(), '', 0, 0
        from orders where customer_id = 'c-large'
        """;
    String outbox =
        """
        insert into outbox (lane, topic, key, payload, created_at)
        select n %% 2, 'order.completed', convert_to('c-' || n %% 1000, 'UTF8'), convert_to(repeat('x', 500), 'UTF8'), now()
        from generate_series(1, %d) as n
        """;
    try (Connection database = server.connect();
        var statement = database.createStatement()) {
      statement.execute("set synchronous_commit = off");
      statement.execute(letters.formatted((int) (share * DEAD_LETTERS)));
      statement.execute(orders.formatted((int) (share * ORDERS)));
      statement.execute(mails);
      statement.execute(outbox.formatted((int) (share * OUTBOX)));
      statement.execute("analyze");
    }
  }

  private void timed(String name, Callable<?> call) throws Exception {
    long began = System.nanoTime();
    Object answer = call.call();
    report.add(name, seconds(began) * 1_000);
    System.out.println("  " + answer);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  /** Looks every 5 ms how long the application's statements have been running. */
  private final class LongestStatement implements AutoCloseable {

    private final AtomicReference<String> statement = new AtomicReference<>("none");
    private final Thread looker = new Thread(this::look, "longest-statement");
    private volatile double millis;
    private volatile boolean ended;

    LongestStatement() {
      looker.setDaemon(true);
      looker.start();
    }

    private void look() {
      try (Connection database = server.connect();
          var query =
              database.prepareStatement(
                  """
                  select extract(epoch from clock_timestamp() - query_start) * 1000, left(query, 60) from pg_stat_activity
                  where state = 'active' and pid <> pg_backend_pid() and application_name like '%JDBC%'
                  order by 1 desc limit 1
                  """)) {
        while (!ended) {
          try (var row = query.executeQuery()) {
            if (row.next() && row.getDouble(1) > millis) {
              millis = row.getDouble(1);
              statement.set(row.getString(2).replaceAll("\\s+", " "));
            }
          }
          TimeUnit.MILLISECONDS.sleep(5);
        }
      } catch (SQLException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() throws InterruptedException {
      ended = true;
      looker.join();
    }
  }
}
