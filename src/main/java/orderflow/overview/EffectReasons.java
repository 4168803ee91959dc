package orderflow.overview;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import orderflow.coupon.CouponRedeemer;
import orderflow.mail.MailHindrance;
import orderflow.mail.MailQueue;
import orderflow.order.OrderStatus;
import orderflow.outbox.EventType;
import orderflow.outbox.StuckTopic;
import orderflow.overview.Effects.Status;
import orderflow.overview.OrderTimeline.Act;
import orderflow.overview.OrderTimeline.Standing;
import orderflow.overview.OrderTimeline.Standings;
import orderflow.platform.page.Texts;
import orderflow.point.PointLedger;
import org.jspecify.annotations.Nullable;

/**
 * Says of an order's effects why they are as they are and whether a person must act.
 *
 * @param rows what happened, the latest first
 * @param waitingSince when the order's event came into the outbox; null if it is there no more
 * @param stuck topics that the broker does not take
 * @param mailServer what keeps mails from being sent; null if nothing does
 * @param texts in the reader's language
 */
record EffectReasons(
    OrderView order,
    List<Timelines.Row> rows,
    @Nullable Instant waitingSince,
    List<StuckTopic> stuck,
    @Nullable MailHindrance mailServer,
    Texts texts) {

  Standings standings() {
    return new Standings(points(), coupon(), email());
  }

  private Standing points() {
    Effects.Points points = order.effects().points();
    return switch (points.status()) {
      case DONE -> {
        Long reversed = points.reversed();
        yield done(
            "points-done",
            points.points(),
            at(points.at()),
            reversed == null ? "" : text("points-reversed", reversed));
      }
      case NONE -> none(isTakenBack() ? "points-none-reversed" : "points-none");
      default -> unfinished(points.status(), PointLedger.NAME, text("points-waits"));
    };
  }

  private Standing coupon() {
    Effects.CouponUse coupon = order.effects().coupon();
    return switch (coupon.status()) {
      case DONE ->
          done(
              "coupon-done",
              at(coupon.at()),
              coupon.releasedAt() == null ? "" : "; " + released(coupon));
      case NONE ->
          order.order().couponCode() == null
              ? none("coupon-none")
              : none("coupon-none-reversed", released(coupon));
      default -> unfinished(coupon.status(), CouponRedeemer.NAME, text("coupon-waits"));
    };
  }

  private String released(Effects.CouponUse coupon) {
    boolean isReissued =
        rows.stream()
            .anyMatch(row -> row.kind().equals("COUPON_RELEASED") && Timelines.isReissued(row));
    return text(isReissued ? "coupon-reissued" : "coupon-released", at(coupon.releasedAt()));
  }

  private Standing email() {
    Effects.Email email = order.effects().email();
    if (email.status() == Status.DONE) {
      return done("mail-done", at(email.at()));
    }
    if (email.status() == Status.NONE) {
      return none(Boolean.TRUE.equals(email.suppressed()) ? "mail-none-suppressed" : "mail-none");
    }
    Timelines.Row queued = confirmation("MAIL_QUEUED");
    return email.status() == Status.PENDING && queued != null
        ? queued(queued)
        : unfinished(email.status(), MailQueue.NAME, text("mail-waits"));
  }

  private Standing queued(Timelines.Row queued) {
    String since = since(queued.at());
    if (mailServer != null) {
      return new Standing(
          Status.PENDING,
          text(
              mailServer.refuses() ? "mail-refused" : "mail-away",
              since,
              since(mailServer.since()),
              Timelines.answer(texts, mailServer.reason())),
          mailServer.refuses() ? Act.PERSON : Act.WAIT);
    }
    Timelines.Row due = confirmation("MAIL_DUE");
    return due == null
        ? waits("mail-queued", since)
        : waits("mail-again", since, Timelines.answer(texts, due.more()), at(due.at()));
  }

  /** An effect that has not come, by what keeps it. */
  private Standing unfinished(Status status, String consumer, String what) {
    Optional<Timelines.Row> letter =
        rows.stream()
            .filter(row -> row.kind().equals("DEAD_LETTER") && consumer.equals(row.by()))
            .filter(row -> !"REPLAYED".equals(row.more()))
            .findFirst();
    if (status == Status.FAILED) {
      return letter
          .map(this::ofLetter)
          .orElseGet(() -> new Standing(Status.FAILED, text("discarded"), Act.NONE));
    }
    if (waitingSince == null) {
      return waits("consumer", what, consumer);
    }
    String topic = EventType.ORDER_COMPLETED.topic();
    String since = since(waitingSince);
    return stuck.stream()
        .filter(each -> each.topic().equals(topic))
        .findFirst()
        .map(each -> waits("kafka", what, since, topic, since(each.since()), each.cause()))
        .orElseGet(() -> waits("outbox", what, since));
  }

  private Standing ofLetter(Timelines.Row letter) {
    Act act =
        switch (String.valueOf(letter.more())) {
          case "DISCARDED" -> Act.NONE;
          case "REPLAYING" -> Act.WAIT;
          default -> Act.PERSON;
        };
    return new Standing(
        Status.FAILED,
        text("letter-" + act, letter.by(), at(letter.at()), letter.detail(), letter.ref()),
        act);
  }

  private Timelines.@Nullable Row confirmation(String kind) {
    return rows.stream()
        .filter(row -> row.kind().equals(kind) && "CONFIRMATION".equals(row.detail()))
        .findFirst()
        .orElse(null);
  }

  private boolean isTakenBack() {
    OrderStatus status = order.order().status();
    return status != OrderStatus.COMPLETED && order.order().total().signum() > 0;
  }

  private Standing done(String key, Object... values) {
    return new Standing(Status.DONE, text(key, values), Act.NONE);
  }

  private Standing none(String key, Object... values) {
    return new Standing(Status.NONE, text(key, values), Act.NONE);
  }

  private Standing waits(String key, Object... values) {
    return new Standing(Status.PENDING, text(key, values), Act.WAIT);
  }

  private String text(String key, @Nullable Object... values) {
    return texts.get("why-" + key, values);
  }

  private String at(@Nullable Instant time) {
    return time == null ? "" : texts.get("at-time", shown(time));
  }

  private String since(Instant time) {
    return texts.get("since-time", shown(time));
  }

  private static String shown(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
