package orderflow.mail;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import orderflow.TestClock;
import orderflow.audit.OperatorActions;
import orderflow.consumer.EffectMetrics;
import orderflow.consumer.EventRecord;
import orderflow.consumer.ParsedRecord;
import orderflow.deadletter.DeadLetters;
import orderflow.order.PastOrders;
import orderflow.outbox.BulkThrottle;
import orderflow.outbox.ConsumerLag;
import orderflow.outbox.Outbox;
import orderflow.outbox.OutboxSettings;
import orderflow.outbox.RecordPublisher;
import orderflow.platform.jdbc.Updates;
import orderflow.platform.lease.Leases;
import orderflow.platform.lease.SteppedInstance;
import orderflow.platform.trace.Traces;
import orderflow.point.EarnRate;
import orderflow.privacy.ErasedCustomers;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The sending side of an instance, on a database of its own that no other test's sender looks into.
 */
final class MailInstance implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  /** Stands at {@link Events#NOW} until it is set. */
  final TestClock clock = new TestClock();

  /** By which a mail server that is away is asked again: ten times as fast as others'. */
  volatile LongSupplier serverTime = () -> 10 * System.nanoTime();

  final DataSource database;
  final JdbcClient sql;
  final SteppedInstance lease;
  private final AnnotationConfigApplicationContext context =
      new AnnotationConfigApplicationContext();

  MailInstance(int smtpPort, MailSettings settings) {
    this(smtpPort, settings, Database.MAILS);
  }

  /**
   * @param database another way to the same database
   */
  MailInstance(int smtpPort, MailSettings settings, DataSource database) {
    this.database = database;
    this.lease = new SteppedInstance(Database.MAILS);
    clock.standsAt(Events.NOW);
    sql = JdbcClient.create(Database.MAILS);
    // The pool outlives this instance.
    context.registerBean(DataSource.class, () -> new DelegatingDataSource(database));
    context.registerBean(JdbcTemplate.class, () -> new JdbcTemplate(database));
    context.registerBean(JdbcClient.class, () -> sql);
    context.registerBean(
        PlatformTransactionManager.class, () -> new DataSourceTransactionManager(database));
    context.registerBean(Clock.class, () -> clock);
    context.registerBean(MeterRegistry.class, SimpleMeterRegistry::new);
    context.registerBean(EarnRate.class, () -> new EarnRate(new java.math.BigDecimal("0.01")));
    context.registerBean(MailSettings.class, () -> settings);
    context.registerBean(
        SmtpSettings.class,
        () ->
            new SmtpSettings(
                "127.0.0.1",
                smtpPort,
                "",
                "",
                SmtpSettings.Security.NONE,
                "shop.example",
                "",
                Duration.ofSeconds(2),
                Duration.ofSeconds(30)));
    context.registerBean(RecordPublisher.class, () -> (record, result) -> {});
    context.registerBean(
        OutboxSettings.class, () -> new OutboxSettings(100, 100, 2000, Duration.ofHours(1)));
    context.registerBean(Leases.class, lease::leases);
    context.registerBean(SmtpConnections.class);
    context.registerBean(MailTransport.class, () -> context.getBean(SmtpConnections.class)::send);
    context.registerBean(ConsumerLag.class, () -> () -> 0);
    context.register(
        BulkThrottle.class,
        Outbox.class,
        DeadLetters.class,
        ConfirmationModel.class,
        ReversalModel.class,
        OrderMails.class,
        Mails.class,
        PastOrders.class,
        ErasedCustomers.class,
        OperatorActions.class,
        MailErasure.class,
        MailQueue.class,
        EffectMetrics.class,
        MailMetrics.class,
        Delivery.class);
    context.registerBean(
        MailSender.class,
        () ->
            new MailSender(
                mails(),
                context.getBean(Delivery.class),
                context.getBean(DeadLetters.class),
                settings,
                new SmtpCircuitBreaker("127.0.0.1:" + smtpPort, () -> serverTime.getAsLong()),
                lease.instance(),
                context.getBean(PlatformTransactionManager.class),
                context.getBean(MailMetrics.class),
                new MailTraces(new Traces(null)),
                clock,
                POLL));
  }

  MailInstance start() {
    context.refresh();
    lease.beat();
    sender().start();
    return this;
  }

  MailSender sender() {
    return context.getBean(MailSender.class);
  }

  Delivery delivery() {
    return context.getBean(Delivery.class);
  }

  Mails mails() {
    return context.getBean(Mails.class);
  }

  /** Takes mails that are due, as if by a thread that is lost with them. */
  List<DueMail> take(int atMost) {
    return mails().takeLeft(List.of(), lease.instance().term().id(), clock.instant(), atMost);
  }

  /** What queues mails about reversals. */
  MailStop stop() {
    JdbcTemplate jdbc = new JdbcTemplate(Database.MAILS);
    return new MailStop(jdbc, new Updates(jdbc), sender());
  }

  MailErasure erasure() {
    return context.getBean(MailErasure.class);
  }

  MailQueue queue() {
    return context.getBean(MailQueue.class);
  }

  /** Queues a mail to each of these addresses, in this order, and returns their orders. */
  List<UUID> queue(String... addresses) {
    List<ParsedRecord<QueuedMail>> batch =
        IntStream.range(0, addresses.length)
            .mapToObj(i -> reading(UUID.randomUUID(), addresses[i], i))
            .toList();
    queue(batch, false);
    return batch.stream().map(reading -> reading.value().orderId()).toList();
  }

  ParsedRecord<QueuedMail> reading(UUID orderId, String address, int offset) {
    EventRecord record =
        new EventRecord(
            "order.completed",
            3,
            offset,
            "c-1001".getBytes(StandardCharsets.UTF_8),
            Events.event(orderId, event -> Events.customer(event).put("email", address)),
            Map.of("ce_id", "x".getBytes(StandardCharsets.UTF_8)));
    return new ParsedRecord<>(record, queue().read(record));
  }

  int queue(List<ParsedRecord<QueuedMail>> batch, boolean replay) {
    List<ParsedRecord<QueuedMail>> asked =
        replay
            ? batch.stream()
                .map(mail -> new ParsedRecord<>(mail.record().asReplay(), mail.value()))
                .toList()
            : batch;
    return sql.sql(MailQueue.QUEUE.replace(":?entries", "?")).param(queue().rows(asked)).update();
  }

  /** The columns of an order's mail. */
  Map<String, Object> mail(UUID orderId) {
    return sql.sql("select * from mail where order_id = ?").param(orderId).query().singleRow();
  }

  Map<String, Object> mail(UUID orderId, String kind) {
    return sql.sql("select * from mail where order_id = ? and kind = ?")
        .params(orderId, kind)
        .query()
        .singleRow();
  }

  long count(String state) {
    return sql.sql("select count(*) from mail where state = ?")
        .param(state)
        .query(Long.class)
        .single();
  }

  @Override
  public void close() {
    context.close();
    lease.end();
  }

  static void emptyTables() {
    JdbcClient.create(Database.MAILS)
        .sql("truncate mail, dead_letter, outbox, orders, order_item, erased_customer, instance")
        .update();
  }

  static MailSettings settings(int senders) {
    return settings(senders, Path.of("target", "no-templates"));
  }

  static MailSettings settings(int senders, Path templates) {
    return new MailSettings(
        "orders@orderflow.example",
        templates,
        "UTC",
        senders,
        20,
        Duration.ofSeconds(30),
        Duration.ofHours(1),
        Duration.ofDays(1),
        Duration.ofDays(30));
  }

  /** The database that all of them work on. */
  static DataSource sharedDatabase() {
    return Database.MAILS;
  }

  /** Made when a test first asks for it. */
  private static final class Database {
    static final DataSource MAILS = FreshDatabase.named("mails");
  }
}
