package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.CouponsApi;
import org.openapitools.client.api.CustomersApi;
import org.openapitools.client.api.DeadLettersApi;
import org.openapitools.client.api.ImportsApi;
import org.openapitools.client.api.OrdersApi;
import org.openapitools.client.model.Coupon;
import org.openapitools.client.model.Customer;
import org.openapitools.client.model.DiscountType;
import org.openapitools.client.model.NewCoupon;
import org.openapitools.client.model.NewDiscount;
import org.openapitools.client.model.NewItem;
import org.openapitools.client.model.NewOrder;
import org.openapitools.client.model.Order;
import org.openapitools.client.model.OrderOverview;
import org.openapitools.client.model.SentAmount;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The Java client that the build generates from the published document, as users do. */
@OrderflowTest
class GeneratedClientTest {

  @LocalServerPort private int port;
  private final ApiClient client = new ApiClient();

  @BeforeEach
  void logIn() {
    client.updateBaseUri("http://127.0.0.1:" + port);
    client.setRequestInterceptor(
        request -> request.header("Authorization", "Bearer " + OrderflowTest.API_KEY));
  }

  @Test
  void placesAnOrderOnceAndReadsIt() throws ApiException {
    OrdersApi orders = new OrdersApi(client);
    String customer = "c-" + UUID.randomUUID();
    String key = UUID.randomUUID().toString();

    Order placed = orders.placeOrder(order(customer), key);
    Order again = orders.placeOrder(order(customer), key);
    OrderOverview read = orders.getOrder(placed.getOrderId());

    assertThat(again.getOrderId()).isEqualTo(placed.getOrderId());
    assertThat(placed.getTotal()).isEqualTo("78000");
    assertThat(placed.getCouponCode()).isNull();
    assertThat(read.getItems()).hasSize(1);
    assertThat(read.getEffects().getPoints().getPoints()).isEqualTo(780);
    assertThat(orders.listOrders(customer, null, null, null, null, 10, null, null).getOrders())
        .extracting(Order::getOrderId)
        .containsExactly(placed.getOrderId());
    assertThat(new CustomersApi(client).getPoints(customer, 10, null).getCustomerId())
        .isEqualTo(customer);
  }

  @Test
  void readsWhatIsNullAndWhatIsALongList() throws ApiException {
    Coupon coupon =
        new CouponsApi(client)
            .createCoupon(
                new NewCoupon()
                    .code("C" + UUID.randomUUID())
                    .discount(
                        new NewDiscount().type(DiscountType.PERCENT).value(new SentAmount("10"))));

    assertThat(coupon.getDiscount().getValue()).isEqualTo("10");
    assertThat(coupon.getCurrency()).isNull();
    assertThat(coupon.getValidUntil()).isNull();
    assertThat(coupon.getUsageLimit()).isEqualTo(1);
    assertThat(new ImportsApi(client).listImports(5, null).getImports()).isNotNull();
    assertThat(new DeadLettersApi(client).listDeadLetters(null, null, 5, null).getDeadLetters())
        .isNotNull();
  }

  @Test
  void aRefusalIsAnExceptionWithTheProblem() {
    NewOrder order = order("c-1").couponCode("NO-SUCH-" + UUID.randomUUID());

    assertThatThrownBy(() -> new OrdersApi(client).placeOrder(order, null))
        .isInstanceOfSatisfying(
            ApiException.class,
            refused -> {
              assertThat(refused.getCode()).isEqualTo(422);
              assertThat(refused.getResponseBody()).contains("\"reason\":\"UNKNOWN\"");
            });
  }

  private static NewOrder order(String customer) {
    return new NewOrder()
        .customer(new Customer().id(customer).email("minji@example.com").name("김민지"))
        .currency("KRW")
        .items(
            List.of(
                new NewItem()
                    .sku("TS-001")
                    .name("린넨 셔츠")
                    .quantity(2)
                    .unitPrice(new SentAmount("39000"))));
  }
}
