package orderflow.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  DrillAudit(Servers servers, DrillShop shop, DrillTraffic traffic) {
    this.servers = servers;
    this.shop = shop;
    this.acknowledged = traffic.acknowledged();
    this.inFiles = traffic.inFiles();
  }

  /** Orders there should be. */
  int orders() {
    return acknowledged.size() + inFiles.size();
  }

  void tell(Report report) throws IOException, InterruptedException {
    Set<String> there = ordersThere();
    report.section("Audit");
    report.add("orders acknowledged with 201", acknowledged.size());
    report.add("orders in files", inFiles.size());
    report.add(
        "acknowledged orders lost",
        acknowledged.keySet().stream().filter(id -> !there.contains(id)).count());
    report.add("orders there beyond those, or missing (-)", there.size() - orders());
    report.add("customers whose points are wrong", wrongBalances());
    report.add("coupon uses missing or too many", Math.abs(couponUses() - used()));
    report.add("dead letters", deadLetters());
    tellMails(report, there);
    tellTopic(report, "order.completed", there.size());
    tellTopic(report, "point.earned", there.size());
    tellTopic(report, "coupon.used", couponUses());
  }

  private void tellMails(Report report, Set<String> there) throws IOException {
    List<String> mailed = servers.mails.taken().stream().map(Mails.Taken::order).toList();
    Set<String> different = new HashSet<>(mailed);
    report.add("mails missing", there.stream().filter(id -> !different.contains(id)).count());
    report.add("mails twice", mailed.size() - different.size());
  }

  private void tellTopic(Report report, String topic, int expected) {
    TopicCensus census = TopicCensus.of(servers.brokers(), topic);
    report.add(topic + ": events missing", expected - census.subjects().size());
    report.add(topic + ": records twice, same ce_id", census.doubled());
    report.add(topic + ": one order under two ce_id", census.ids() - census.subjects().size());
  }

  private Set<String> ordersThere() throws InterruptedException {
    Set<String> ids = new HashSet<>();
    String cursor = "";
    while (cursor != null) {
      JsonNode page = shop.get("/api/orders?limit=200" + cursor);
      page.get("orders").forEach(order -> ids.add(order.get("orderId").textValue()));
      cursor = page.get("next").isNull() ? null : "&cursor=" + page.get("next").textValue();
    }
    return ids;
  }

  private long deadLetters() throws InterruptedException {
    long letters = 0;
    for (JsonNode group : shop.get("/api/dead-letters/summary").get("groups")) {
      letters += group.get("count").longValue();
    }
    return letters;
  }

  private long wrongBalances() throws InterruptedException {
    Map<String, Long> expected = new HashMap<>();
    all().forEach(order -> expected.merge(order.customer().id(), points(order), Long::sum));
    long wrong = 0;
    for (Map.Entry<String, Long> customer : expected.entrySet()) {
      JsonNode account = shop.get("/api/customers/" + customer.getKey() + "/points?limit=1");
      if (account.get("balance").longValue() != customer.getValue()) {
        wrong++;
      }
    }
    return wrong;
  }

  private static long points(NewOrder order) {
    return ShopOrder.placed(order).event().total().multiply(EARN_RATE).longValue();
  }

  private int couponUses() {
    return Rig.coupons(all().collect(Collectors.toList()));
  }

  /** Reservations that are still open count as wrong. */
  private int used() throws InterruptedException {
    JsonNode coupon = shop.get("/api/coupons/" + ShopOrder.COUPON);
    return coupon.get("used").intValue() - coupon.get("reserved").intValue();
  }

  private Stream<NewOrder> all() {
    return Stream.concat(acknowledged.values().stream(), inFiles.stream());
  }
}
