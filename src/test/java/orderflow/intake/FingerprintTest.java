package orderflow.intake;

import static orderflow.intake.NewOrders.order;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import java.util.HexFormat;
import java.util.UUID;
import orderflow.order.NewOrder;
import orderflow.order.OrderSummary;
import org.junit.jupiter.api.Test;

class FingerprintTest {

  /** Of {@link NewOrders#order}("c-1", "TEN", …), as the first version of all stored it. */
  private static final String STORED_BY_RULE_0 =
      "c725a4dc0f55e197546475dfd6ac72e53721c506c2c1300e82f0dbf97a78ea44";

  private static final OrderSummary PLACED =
      new OrderSummary(
          new UUID(0, 1),
          "c-1",
          "KRW",
          new BigDecimal("83000"),
          BigDecimal.ZERO,
          new BigDecimal("83000"),
          "TEN",
          Instant.EPOCH);

  @Test
  void isTheSameInEveryVersionForAnOrderThatEveryVersionKnows() {
    assertThat(Fingerprint.of(order("c-1", "TEN", "r")))
        .asHexString()
        .isEqualToIgnoringCase(STORED_BY_RULE_0);
  }

  @Test
  void comparesWhatWasStoredWithoutAVersionByTheFirstRule() {
    byte[] stored = HexFormat.of().parseHex(STORED_BY_RULE_0);

    assertThat(Fingerprint.isOf(stored, PLACED, order("c-1", "TEN", "r"))).isTrue();
    assertThat(Fingerprint.isOf(stored, PLACED, order("c-1", "OTHER", "r"))).isFalse();
    assertThat(Fingerprint.isOf(stored, PLACED, order("c-2", "TEN", "r"))).isFalse();
  }

  @Test
  void comparesCustomerSumAndCouponWhereANewerVersionHasStoredIt() {
    byte[] newer = new byte[33];
    newer[0] = 9;

    assertThat(Fingerprint.isOf(newer, PLACED, order("c-1", "TEN", "r"))).isTrue();
    assertThat(Fingerprint.isOf(newer, PLACED, order("c-2", "TEN", "r"))).isFalse();
    assertThat(Fingerprint.isOf(newer, PLACED, order("c-1", null, "r"))).isFalse();
    NewOrder won = order("c-1", "TEN", "r");
    assertThat(
            Fingerprint.isOf(
                newer,
                PLACED,
                new NewOrder(won.customer(), Currency.getInstance("JPY"), won.items(), "TEN", "r")))
        .isFalse();
  }
}
