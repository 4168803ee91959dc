package orderflow.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import orderflow.order.Customer;
import orderflow.order.Item;
import orderflow.order.NewOrder;
import orderflow.order.OrderIds;
import orderflow.order.PlacedOrder;

/**
 * One of the orders that benchmarks send: 1 to 5 items, every customer one of 10,000, 30 % with the
 * one campaign coupon, all of them worth at least a point.
 */
public final class ShopOrder {

  static final String COUPON = "CAMPAIGN";

  private static final ObjectMapper JSON =
      new ObjectMapper().setSerializationInclusion(JsonInclude.Include.NON_NULL);

  /** The body of {@code POST /api/orders}. */
  record Body(Customer customer, String currency, List<Item> items, String couponCode) {}

  private ShopOrder() {}

  /** One with three items and the coupon, as Orderflow would place it. */
  public static PlacedOrder typical() {
    return placed(
        many("typical", 1000).stream()
            .filter(order -> order.items().size() == 3 && order.couponCode() != null)
            .findFirst()
            .orElseThrow());
  }

  /** What its customer sends. */
  public static String typicalJson() {
    return new String(json(typical().content()), StandardCharsets.UTF_8);
  }

  /** So many orders; the same ones each time, but for the references. */
  static List<NewOrder> many(String run, int count) {
    Random random = new Random(count);
    return IntStream.range(0, count).mapToObj(n -> one(run + "-" + n, random)).toList();
  }

  static byte[] json(NewOrder order) {
    try {
      return JSON.writeValueAsBytes(
          new Body(
              order.customer(),
              order.currency().getCurrencyCode(),
              order.items(),
              order.couponCode()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As Orderflow would place it now. */
  static PlacedOrder placed(NewOrder order) {
    Instant now = Instant.now();
    BigDecimal discount =
        order.couponCode() == null
            ? BigDecimal.ZERO
            : order
                .subtotal()
                .multiply(BigDecimal.valueOf(10))
                .divideToIntegralValue(BigDecimal.valueOf(100));
    return PlacedOrder.of(OrderIds.at(now), order, discount, now);
  }

  /** The event of an order that another system has taken. */
  static byte[] event(PlacedOrder order) {
    return order.event().json();
  }

  private static NewOrder one(String reference, Random random) {
    int customer = random.nextInt(10_000);
    return new NewOrder(
        new Customer(
            "c-" + customer,
            "customer" + customer + "@example.com",
            "김민지",
            random.nextBoolean() ? "ko" : "en",
            null),
        Currency.getInstance("KRW"),
        IntStream.range(0, 1 + random.nextInt(5)).mapToObj(n -> item(random)).toList(),
        random.nextInt(10) < 3 ? COUPON : null,
        reference);
  }

  private static Item item(Random random) {
    int product = random.nextInt(1000);
    return new Item(
        "TS-" + product,
        "린넨 셔츠 " + product,
        1 + random.nextInt(3),
        BigDecimal.valueOf(1000 * (1 + random.nextInt(90))));
  }
}
