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
import orderflow.point.PointLedger;
import org.jspecify.annotations.Nullable;

/**
 * Says of an order's effects why they are as they are and whether a person must act.
 *
 * @param rows what happened, the latest first
 * @param waitingSince when the order's event came into the outbox; null if it is there no more
 * @param stuck topics that the broker does not take
 * @param mailServer what keeps mails from being sent; null if nothing does
 */
record EffectReasons(
    OrderView order,
    List<Timelines.Row> rows,
    @Nullable Instant waitingSince,
    List<StuckTopic> stuck,
    @Nullable MailHindrance mailServer) {

  Standings standings() {
    return new Standings(points(), coupon(), email());
  }

  private Standing points() {
    Effects.Points points = order.effects().points();
    return switch (points.status()) {
      case DONE -> {
        Long reversed = points.reversed();
        yield done(
            points.points()
                + " points were booked"
                + at(points.at())
                + (reversed == null ? "" : ", of which " + reversed + " were taken back since")
                + ".");
      }
      case NONE ->
          none(
              isTakenBack()
                  ? "No points are booked, since the order was taken back before."
                  : "The order earns no points: too little was paid for its goods.");
      default -> unfinished(points.status(), PointLedger.NAME, "The points are not booked yet");
    };
  }

  private Standing coupon() {
    Effects.CouponUse coupon = order.effects().coupon();
    return switch (coupon.status()) {
      case DONE ->
          done(
              "The coupon was used"
                  + at(coupon.at())
                  + (coupon.releasedAt() == null ? "" : "; " + released(coupon))
                  + ".");
      case NONE ->
          none(
              order.order().couponCode() == null
                  ? "The order has no coupon."
                  : "The order was taken back before the coupon was used; "
                      + released(coupon)
                      + ".");
      default ->
          unfinished(
              coupon.status(), CouponRedeemer.NAME, "The coupon is reserved and not used yet");
    };
  }

  private String released(Effects.CouponUse coupon) {
    boolean isReissued =
        rows.stream()
            .anyMatch(row -> row.kind().equals("COUPON_RELEASED") && Timelines.isReissued(row));
    return (isReissued ? "the customer got another coupon" : "its use was given back")
        + at(coupon.releasedAt());
  }

  private Standing email() {
    Effects.Email email = order.effects().email();
    if (email.status() == Status.DONE) {
      return done("The mail server took the confirmation" + at(email.at()) + ".");
    }
    if (email.status() == Status.NONE) {
      return none(
          Boolean.TRUE.equals(email.suppressed())
              ? "The confirmation is not sent, since the order was cancelled before."
              : "No confirmation is sent, since there is no address to send it to.");
    }
    Timelines.Row queued = confirmation("MAIL_QUEUED");
    return email.status() == Status.PENDING && queued != null
        ? queued(queued)
        : unfinished(email.status(), MailQueue.NAME, "The confirmation is not queued yet");
  }

  private Standing queued(Timelines.Row queued) {
    String waits = "The confirmation waits" + since(queued.at());
    if (mailServer != null) {
      return new Standing(
          Status.PENDING,
          waits
              + ": the mail server "
              + (mailServer.refuses() ? "refuses our account" : "can't be reached")
              + since(mailServer.since())
              + " ("
              + Timelines.answer(mailServer.reason())
              + ").",
          mailServer.refuses() ? Act.PERSON : Act.WAIT);
    }
    Timelines.Row due = confirmation("MAIL_DUE");
    return due == null
        ? waits(waits + " for its turn to be sent.")
        : waits(
            waits
                + ": the mail server did not take it ("
                + Timelines.answer(due.more())
                + "); it is tried again"
                + at(due.at())
                + ".");
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
          .map(EffectReasons::ofLetter)
          .orElseGet(() -> new Standing(Status.FAILED, "It was given up and discarded.", Act.NONE));
    }
    if (waitingSince == null) {
      return waits(what + ": " + consumer + " has not handled the order's event yet.");
    }
    String topic = EventType.ORDER_COMPLETED.topic();
    String outbox = what + ": the order's event waits in the outbox" + since(waitingSince);
    return waits(
        stuck.stream()
            .filter(each -> each.topic().equals(topic))
            .findFirst()
            .map(
                each ->
                    outbox
                        + ", as Kafka takes no records of "
                        + topic
                        + since(each.since())
                        + " ("
                        + each.cause()
                        + ").")
            .orElse(outbox + " to be published."));
  }

  private static Standing ofLetter(Timelines.Row letter) {
    String gaveUp = letter.by() + " gave up" + at(letter.at()) + ": " + letter.detail();
    return switch (String.valueOf(letter.more())) {
      case "DISCARDED" ->
          new Standing(Status.FAILED, gaveUp + "; the record was discarded.", Act.NONE);
      case "REPLAYING" -> new Standing(Status.FAILED, gaveUp + "; its replay is due.", Act.WAIT);
      default ->
          new Standing(
              Status.FAILED, gaveUp + "; see " + letter.ref() + " to replay it.", Act.PERSON);
    };
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

  private static Standing done(String why) {
    return new Standing(Status.DONE, why, Act.NONE);
  }

  private static Standing none(String why) {
    return new Standing(Status.NONE, why, Act.NONE);
  }

  private static Standing waits(String why) {
    return new Standing(Status.PENDING, why, Act.WAIT);
  }

  private static String at(@Nullable Instant time) {
    return time == null ? "" : " at " + shown(time);
  }

  private static String since(Instant time) {
    return " since " + shown(time);
  }

  private static String shown(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
