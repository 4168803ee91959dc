package orderflow.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import orderflow.order.NewOrder;

/**
 * Counts from outside, through the API, the topics and the mails, what has become of all orders.
 */
final class DrillAudit {

  private static final BigDecimal EARN_RATE = new BigDecimal("0.01");

  private final Servers servers;
  private final DrillShop shop;
  private final Map<String, NewOrder> acknowledged;
  private final Collection<NewOrder> inFiles;
  private final Map<String, JsonNode> reversals;

  DrillAudit(Servers servers, DrillShop shop, DrillTraffic traffic) {
    this.servers = servers;
    this.shop = shop;
    this.acknowledged = traffic.acknowledged();
    this.inFiles = traffic.inFiles();
    this.reversals = traffic.reversals();
  }

  /** Orders there should be. */
  int orders() {
    return acknowledged.size() + inFiles.size();
  }

  void tell(Report report) throws IOException, InterruptedException {
    Map<String, JsonNode> there = ordersThere();
    Set<String> cancelled = cancelled();
    report.section("Audit");
    report.add("orders acknowledged with 201", acknowledged.size());
    report.add("orders in files", inFiles.size());
    report.add(
        "acknowledged orders lost",
        acknowledged.keySet().stream().filter(id -> !there.containsKey(id)).count());
    report.add("orders there beyond those, or missing (-)", there.size() - orders());
    report.add("orders cancelled", cancelled.size());
    report.add("orders given back in part or whole", reversals.size() - cancelled.size());
    report.add("reversals that orders do not show, or with another refund", wrongReversals());
    report.add("customers whose points are wrong", wrongBalances());
    report.add("coupon uses missing or too many", Math.abs(couponUses() - used()));
    report.add("dead letters", deadLetters());
    Set<String> all = there.keySet();
    tellMails(report, all, cancelled);
    Set<String> returned = new HashSet<>(reversals.keySet());
    returned.removeAll(cancelled);
    Set<String> withCoupon = ids(there, order -> !order.get("couponCode").isNull());
    Set<String> using = new HashSet<>(withCoupon);
    using.removeIf(this::isCouponReleased);
    Set<String> earning = new HashSet<>(all);
    earning.removeIf(order -> cancelled.contains(order) || earnedNothing(order));
    tellTopic(report, "order.completed", all, all);
    tellTopic(report, "point.earned", earning, all);
    tellTopic(report, "coupon.used", using, withCoupon);
    tellTopic(report, "order.cancelled", cancelled, cancelled);
    tellTopic(report, "order.returned", returned, returned);
  }

  /** Given back whole before its points were booked. */
  private boolean earnedNothing(String order) {
    JsonNode reversal = reversals.get(order);
    return reversal != null && reversal.at("/points/earned").longValue() == 0;
  }

  private Set<String> cancelled() {
    return reversals.entrySet().stream()
        .filter(reversal -> reversal.getValue().at("/order/status").textValue().equals("CANCELLED"))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** The order as it is now against what its reversal was answered with. */
  private long wrongReversals() throws InterruptedException {
    long wrong = 0;
    for (Map.Entry<String, JsonNode> reversal : reversals.entrySet()) {
      JsonNode order = shop.get("/api/orders/" + reversal.getKey());
      JsonNode answer = reversal.getValue();
      boolean isAsAnswered =
          order.get("status").equals(answer.at("/order/status"))
              && order.get("refunded").equals(answer.at("/refund/amount"))
              && order.get("reversals").size() == 1;
      if (!isAsAnswered) {
        wrong++;
      }
    }
    return wrong;
  }

  /**
   * A cancelled order has both mails or none, one of which something was given back both, any other
   * its confirmation.
   */
  private void tellMails(Report report, Set<String> there, Set<String> cancelled)
      throws IOException {
    List<Mails.Taken> mails = servers.mails.taken();
    Map<String, Integer> different = new HashMap<>();
    mails.stream()
        .collect(Collectors.toMap(Mails.Taken::id, Mails.Taken::order, (one, other) -> one))
        .values()
        .forEach(order -> different.merge(order, 1, Integer::sum));
    long wrong =
        there.stream()
            .filter(
                order -> {
                  int number = different.getOrDefault(order, 0);
                  return cancelled.contains(order)
                      ? number != 0 && number != 2
                      : number != (reversals.containsKey(order) ? 2 : 1);
                })
            .count();
    report.add("orders with mails missing or too many", wrong);
    report.add("mails twice", mails.size() - different.values().stream().mapToInt(n -> n).sum());
  }

  /**
   * @param expected the orders that the topic must have an event of
   * @param allowed the orders that it may have one of
   */
  private void tellTopic(Report report, String topic, Set<String> expected, Set<String> allowed) {
    TopicCensus census = TopicCensus.of(servers.brokers(), topic);
    report.add(
        topic + ": events missing",
        expected.stream().filter(order -> !census.subjects().contains(order)).count());
    report.add(
        topic + ": events of other orders",
        census.subjects().stream().filter(order -> !allowed.contains(order)).count());
    report.add(topic + ": records twice, same ce_id", census.doubled());
    report.add(topic + ": one order under two ce_id", census.ids() - census.subjects().size());
  }

  private Map<String, JsonNode> ordersThere() throws InterruptedException {
    Map<String, JsonNode> orders = new LinkedHashMap<>();
    String cursor = "";
    while (cursor != null) {
      JsonNode page = shop.get("/api/orders?limit=200" + cursor);
      page.get("orders").forEach(order -> orders.put(order.get("orderId").textValue(), order));
      cursor = page.get("next").isNull() ? null : "&cursor=" + page.get("next").textValue();
    }
    return orders;
  }

  private static Set<String> ids(Map<String, JsonNode> orders, Predicate<JsonNode> wanted) {
    return orders.entrySet().stream()
        .filter(order -> wanted.test(order.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private long deadLetters() throws InterruptedException {
    long letters = 0;
    for (JsonNode group : shop.get("/api/dead-letters/summary").get("groups")) {
      letters += group.get("count").longValue();
    }
    return letters;
  }

  /** By what the clients have sent, not by what the orders say of themselves. */
  private long wrongBalances() throws InterruptedException {
    Map<String, Long> expected = new HashMap<>();
    acknowledged.forEach(
        (id, order) -> expected.merge(order.customer().id(), points(order, id), Long::sum));
    inFiles.forEach(order -> expected.merge(order.customer().id(), points(order, ""), Long::sum));
    long wrong = 0;
    for (Map.Entry<String, Long> customer : expected.entrySet()) {
      JsonNode account = shop.get("/api/customers/" + customer.getKey() + "/points?limit=1");
      if (account.get("balance").longValue() != customer.getValue()) {
        wrong++;
      }
    }
    return wrong;
  }

  /** By what is kept of the order, whenever it was given back. */
  private long points(NewOrder order, String id) {
    BigDecimal total = ShopOrder.placed(order).event().total();
    JsonNode reversal = reversals.get(id);
    BigDecimal refund =
        reversal == null
            ? BigDecimal.ZERO
            : new BigDecimal(reversal.at("/refund/amount").textValue());
    return total.subtract(refund).multiply(EARN_RATE).longValue();
  }

  private boolean isCouponReleased(String order) {
    JsonNode reversal = reversals.get(order);
    return reversal != null && reversal.at("/coupon/outcome").asText().equals("RELEASED");
  }

  private long couponUses() {
    return Rig.coupons(List.copyOf(inFiles))
        + acknowledged.entrySet().stream()
            .filter(order -> order.getValue().couponCode() != null)
            .filter(order -> !isCouponReleased(order.getKey()))
            .count();
  }

  /** Reservations that are still open count as wrong. */
  private long used() throws InterruptedException {
    JsonNode coupon = shop.get("/api/coupons/" + ShopOrder.COUPON);
    return coupon.get("used").longValue() - coupon.get("reserved").longValue();
  }
}
