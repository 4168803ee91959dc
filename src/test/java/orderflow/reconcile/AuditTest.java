package orderflow.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.UUID;
import orderflow.Http;
import orderflow.OrderflowTest;
import orderflow.platform.lease.Lease;
import orderflow.platform.lease.Leases;
import orderflow.reconcile.Audit.Rule;
import orderflow.reconcile.Audit.Violation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;

@OrderflowTest
class AuditTest {

  @LocalServerPort int port;
  @Autowired Audit audit;
  @Autowired JdbcTemplate jdbc;

  private Http http;
  private final String coupon = "C-" + UUID.randomUUID();

  @BeforeEach
  void connect() {
    http = new Http(port);
    http.post(
        "/api/coupons",
        "{\"code\":\""
            + coupon
            + "\",\"usageLimit\":9,\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"}}");
  }

  @Test
  void whatReversalsLeaveBreaksNoRule() {
    UUID cancelled = place();
    UUID returned = place();
    UUID partly = place();
    UUID reissued = place();
    UUID reserved = place();
    act(cancelled, "cancel", "{\"reason\":\"OTHER\"}");
    act(returned, "returns", "{\"reason\":\"OTHER\",\"items\":\"REST\"}");
    act(partly, "returns", "{\"reason\":\"OTHER\",\"items\":[{\"position\":0,\"quantity\":1}]}");
    act(partly, "goodwill", "{\"amount\":\"10\",\"why\":\"late\",\"points\":\"REVERSE\"}");
    act(reissued, "cancel", "{\"reason\":\"OTHER\",\"couponPolicy\":\"RELEASE_AND_REISSUE\"}");

    assertThat(audit.ofOrders(List.of(cancelled, returned, partly, reissued, reserved))).isEmpty();
    assertThat(audit.ofCoupons(List.of(coupon))).isEmpty();
  }

  @Test
  void eachBrokenRuleIsFound() {
    UUID order = place();
    UUID cancelled = place();
    awaitPoints(cancelled);
    act(order, "returns", "{\"reason\":\"OTHER\",\"items\":[{\"position\":0,\"quantity\":1}]}");
    act(cancelled, "cancel", "{\"reason\":\"OTHER\"}");
    await()
        .until(
            () -> count("coupon where used = 1 and reserved = 0 and code = '" + coupon + "'") == 1);

    jdbc.update("update orders set refunded = refunded + 1 where id = ?", order);
    assertThat(ofOrder(order)).containsExactly(Rule.REFUNDED);
    jdbc.update("update orders set refunded = refunded - 1 where id = ?", order);
    jdbc.update("update orders set status = 'COMPLETED' where id = ?", order);
    assertThat(ofOrder(order)).containsExactly(Rule.STATUS);
    jdbc.update("update orders set status = 'PARTIALLY_RETURNED' where id = ?", order);
    jdbc.update("update order_item set returned = 2 where order_id = ?", order);
    assertThat(ofOrder(order)).containsExactly(Rule.RETURNED, Rule.STATUS);
    jdbc.update("update order_item set returned = 1 where order_id = ?", order);
    jdbc.update("update point_entry set points = points + 1 where order_id = ?", cancelled);
    assertThat(ofOrder(cancelled)).containsExactly(Rule.POINTS);
    jdbc.update("update point_entry set points = points - 1 where order_id = ?", cancelled);
    jdbc.update("update coupon set used = 2, reserved = 3 where code = ?", coupon);
    assertThat(audit.ofCoupons(List.of(coupon)))
        .containsExactly(
            new Violation(Rule.COUPON_RESERVED, coupon), new Violation(Rule.COUPON_USED, coupon));
    jdbc.update("update coupon set used = 1, reserved = 0 where code = ?", coupon);

    assertThat(audit.ofOrders(List.of(order, cancelled))).isEmpty();
    assertThat(audit.ofCoupons(List.of(coupon))).isEmpty();
  }

  private List<Rule> ofOrder(UUID order) {
    List<Violation> violations = audit.ofOrders(List.of(order));
    assertThat(violations).extracting(Violation::subject).containsOnly(order.toString());
    return violations.stream().map(Violation::rule).toList();
  }

  @Test
  void whatARoundFindsIsAMetricUntilItIsMended() {
    UUID order = place();
    act(order, "cancel", "{\"reason\":\"OTHER\"}");
    Lease lease = mock();
    when(lease.isHeld()).thenReturn(true);
    Leases leases = mock();
    when(leases.take(any())).thenReturn(lease);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Audit own = new Audit(jdbc, leases, meters);

    jdbc.update("update orders set refunded = 0 where id = ?", order);
    try {
      await()
          .until(
              () -> {
                own.look();
                return meters
                        .get("orderflow.audit.violations")
                        .tag("rule", "refunded")
                        .gauge()
                        .value()
                    == 1;
              });
    } finally {
      jdbc.update("update orders set refunded = total where id = ?", order);
    }
    await()
        .until(
            () -> {
              own.look();
              return own.violations(Rule.REFUNDED) == 0;
            });
    assertThat(http.get("/actuator/prometheus").raw().body())
        .contains("orderflow_audit_violations{rule=\"coupon-used\"}");
  }

  private void awaitPoints(UUID order) {
    await().until(() -> count("point_entry where order_id = '" + order + "'") == 1);
  }

  private int count(String what) {
    return jdbc.queryForObject("select count(*) from " + what, Integer.class);
  }

  private void act(UUID order, String act, String body) {
    Http.Response done =
        http.post("/api/orders/" + order + "/" + act, body, "Idempotency-Key", act);
    assertThat(done.status()).as(done.raw().body()).isEqualTo(201);
  }

  private UUID place() {
    Http.Response placed =
        http.post(
            "/api/orders",
            """
            {"customer":{"id":"c-audit","name":"Minji"},"currency":"KRW","couponCode":"%s",
             "items":[{"sku":"A","name":"Shirt","quantity":2,"unitPrice":"39000"}]}\
            """
                .formatted(coupon));
    assertThat(placed.status()).isEqualTo(201);
    return UUID.fromString(placed.json().path("orderId").asText());
  }
}
