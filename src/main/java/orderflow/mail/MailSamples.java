package orderflow.mail;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import orderflow.order.Amount;
import orderflow.order.Customer;
import orderflow.order.Item;

/**
 * What each template has to print before it is used: mails with all that there can be, and bare.
 */
final class MailSamples {

  private static final UUID ORDER = new UUID(0, 0);
  private static final Customer CUSTOMER =
      new Customer("c-1", "sample@example.com", "Sample", "en", null);
  private static final BigDecimal PRICE = new BigDecimal(39_000);

  private MailSamples() {}

  static Stream<Confirmation> confirmations() {
    Amount sale = new Amount("Sale", BigDecimal.ONE);
    Amount shipping = new Amount("Shipping", BigDecimal.ONE);
    return Stream.of(
        new Confirmation(
            ORDER,
            "1001",
            "c-1",
            "sample@example.com",
            "Sample",
            "+82 10-1234-5678",
            "en",
            Currency.getInstance("KRW"),
            List.of(new Item("TS-001", "Shirt", 1, PRICE)),
            PRICE,
            BigDecimal.TEN,
            PRICE.subtract(BigDecimal.TEN),
            "WELCOME10",
            List.of(sale),
            List.of(shipping),
            PRICE.subtract(BigDecimal.TEN),
            Instant.EPOCH),
        new Confirmation(
            ORDER,
            "1001",
            "c-1",
            "sample@example.com",
            "",
            null,
            "en",
            Currency.getInstance("KRW"),
            List.of(new Item(null, "Shirt", 1, BigDecimal.TEN)),
            BigDecimal.TEN,
            BigDecimal.ZERO,
            BigDecimal.TEN,
            null,
            List.of(),
            List.of(),
            BigDecimal.TEN,
            null));
  }

  static Stream<ReversalNotice> notices() {
    return Stream.of(
        new ReversalNotice(
            ORDER,
            "1001",
            CUSTOMER,
            "KRW",
            List.of(new ReversalNotice.Line("TS-001", "Shirt", 1, PRICE)),
            PRICE,
            BigDecimal.TEN,
            PRICE,
            390,
            "WELCOME10",
            "WELCOME10-2",
            Instant.EPOCH,
            Instant.EPOCH),
        new ReversalNotice(
            ORDER,
            "1001",
            new Customer("c-1", "sample@example.com", null, "en", null),
            "KRW",
            List.of(new ReversalNotice.Line(null, "Shirt", 1, BigDecimal.ZERO)),
            BigDecimal.ZERO,
            null,
            null,
            0,
            null,
            null,
            Instant.EPOCH,
            Instant.EPOCH));
  }
}
