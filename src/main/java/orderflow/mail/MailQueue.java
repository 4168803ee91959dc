package orderflow.mail;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import orderflow.audit.Action;
import orderflow.audit.OperatorActions;
import orderflow.consumer.EventJson;
import orderflow.consumer.EventRecord;
import orderflow.consumer.InvalidEvent;
import orderflow.consumer.OrderConsumer;
import orderflow.consumer.OrderEvent;
import orderflow.consumer.OwedEffect;
import orderflow.consumer.ParsedRecord;
import orderflow.order.OrderCompleted;
import orderflow.order.PastOrders;
import orderflow.outbox.EventType;
import orderflow.outbox.Priority;
import orderflow.outbox.RecordHeaders;
import orderflow.platform.jdbc.SqlFile;
import orderflow.platform.security.Actor;
import orderflow.privacy.ErasedCustomers;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * The mails that are to be sent: one confirmation for each order. Mails about reversals are queued
 * by {@link MailStop}, and come here when the dead letter of one is replayed.
 */
@Service
@Order(3)
public class MailQueue implements OrderConsumer<QueuedMail> {

  public static final String NAME = "email-consumer";

  /**
   * Queues a batch, given as {@code entries}: each order's mail once, and none for an order of a
   * customer who was erased since. A replay queues again what was given up on, and nothing else.
   */
  public static final String QUEUE = SqlFile.read("queue-mails.sql");

  private static final Instant YEAR_9999 = Instant.parse("9999-12-31T23:59:59Z");

  private final Mails mails;
  private final PastOrders orders;
  private final ErasedCustomers erased;
  private final OperatorActions actions;
  private final Clock clock;

  MailQueue(
      Mails mails,
      PastOrders orders,
      ErasedCustomers erased,
      OperatorActions actions,
      Clock clock) {
    this.mails = mails;
    this.orders = orders;
    this.erased = erased;
    this.actions = actions;
    this.clock = clock;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<OwedEffect> owed() {
    return Optional.of(
        new OwedEffect(
            """
            customer_email <> '' and not exists (
              select from mail where order_id = slice.id and kind = 'CONFIRMATION')"""));
  }

  /**
   * The mail that a record asks for; null if its customer has no address.
   *
   * @throws InvalidEvent if it can't be mailed: something a confirmation needs is missing or wrong
   */
  @Override
  public @Nullable QueuedMail read(EventRecord record) {
    byte[] reversalMail = record.headers().get(MailStop.KIND_HEADER);
    if (reversalMail != null && !record.topic().equals(EventType.ORDER_COMPLETED.topic())) {
      return reversalMail(new String(reversalMail, StandardCharsets.UTF_8), record);
    }
    OrderEvent event = record.event();
    if (event.customerEmail() == null) {
      return null;
    }
    Confirmation confirmation = Confirmation.of(event);
    return new QueuedMail(
        confirmation.orderId(),
        MailKind.CONFIRMATION.name(),
        confirmation.customerId(),
        confirmation.completedAt(),
        OrderEvent.text(record.value()));
  }

  @Override
  public String words(QueuedMail mail) {
    return "a mail of the kind " + mail.kind();
  }

  private static @Nullable QueuedMail reversalMail(String kind, EventRecord record) {
    if (MailKind.of(kind) == MailKind.CONFIRMATION) {
      throw new InvalidEvent("is no mail about a reversal");
    }
    String event = OrderEvent.text(record.value());
    ReversalNotice notice = ReversalNotice.read(event.getBytes(StandardCharsets.UTF_8));
    return notice.hasAddress()
        ? new QueuedMail(
            notice.orderId(), kind, notice.customer().id(), notice.completedAt(), event)
        : null;
  }

  /** The rows of a batch, for {@link #QUEUE}. */
  public String rows(List<ParsedRecord<QueuedMail>> batch) {
    Instant now = clock.instant();
    return EventJson.rows(
        batch.stream().map(mail -> row(mail.value(), mail.record(), now)).toList());
  }

  /**
   * Queues an order's confirmation once more, whatever became of it before; that of a cancelled
   * order is not sent any more.
   */
  @Transactional
  public ResendResult resend(UUID orderId, Actor by) {
    if (mails.isOfCancelledOrder(orderId)) {
      return ResendResult.ORDER_CANCELLED;
    }
    if (erased.cover(orderId) || !queueAgain(orderId)) {
      return ResendResult.NO_ADDRESS;
    }
    actions.record(by, Action.RESEND_EMAIL, orderId);
    return ResendResult.QUEUED;
  }

  private boolean queueAgain(UUID orderId) {
    Instant now = clock.instant();
    if (mails.queueAgain(orderId, now)) {
      return true;
    }
    Optional<OrderCompleted> order = orders.find(orderId);
    try {
      order.ifPresent(event -> mails.queue(Confirmation.read(event.json()), event, now));
      return order.isPresent();
    } catch (InvalidEvent e) {
      return false;
    }
  }

  private static Row row(QueuedMail mail, EventRecord source, Instant now) {
    return new Row(
        mail.orderId(),
        mail.kind(),
        mail.customerId(),
        storable(mail.completedAt()),
        mail.event(),
        now,
        source.isReplay(),
        source.topic(),
        source.partition(),
        source.offset(),
        source.key(),
        source.allHeaders().isEmpty() ? null : RecordHeaders.json(source.allHeaders()),
        lane(mail, source).number());
  }

  private static MailLane lane(QueuedMail mail, EventRecord source) {
    return MailKind.of(mail.kind()) == MailKind.CONFIRMATION
        ? MailLane.stored(Priority.of(source.headers()).number())
        : MailLane.REVERSAL;
  }

  /** PostgreSQL has no times beyond some years; an event may name one. */
  private static @Nullable Instant storable(@Nullable Instant time) {
    return time == null || time.isBefore(Instant.EPOCH) || time.isAfter(YEAR_9999) ? null : time;
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Row(
      UUID orderId,
      String kind,
      String customerId,
      @Nullable Instant completedAt,
      String event,
      Instant at,
      boolean again,
      String topic,
      int partition,
      long offset,
      byte @Nullable [] key,
      @Nullable String headers,
      short lane) {}
}
