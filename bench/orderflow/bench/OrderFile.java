package orderflow.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** CSV files of orders. */
final class OrderFile {

  private static final String HEADER =
      "orderRef,customerId,customerEmail,customerName,locale,currency,sku,name,quantity,unitPrice,couponCode\n";

  private OrderFile() {}

  /**
   * Orders of 1 to 5 rows, 3 on average; one row in a hundred has a bad quantity.
   *
   * @param coupon that three orders in ten have
   */
  static void mixed(Path file, String run, int rows, @Nullable String coupon) throws IOException {
    Random random = new Random(1);
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
      out.print(HEADER);
      for (int row = 0, order = 0; row < rows; order++) {
        int customer = random.nextInt(100_000);
        String code = coupon != null && order % 10 < 3 ? coupon : "";
        for (int items = 1 + random.nextInt(5); items > 0 && row < rows; items--, row++) {
          out.printf(
              Locale.ROOT,
              "%s-%d,c-%d,c%d@example.com,김민지,ko,KRW,TS-%d,린넨 셔츠,%s,39000,%s\n",
              run,
              order,
              customer,
              customer,
              items,
              random.nextInt(100) == 0 ? "-" : "2",
              code);
        }
      }
    }
  }

  /** Orders of two rows; of each that has a multiple of {@code bad} as number the second is bad. */
  static void pairs(Path file, String run, int orders, int bad) throws IOException {
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
      out.print(HEADER);
      for (int order = 1; order <= orders; order++) {
        String start = run + "-" + order + ",c-" + order % 1000 + ",k@example.com,김민지,ko,KRW,";
        out.print(start + "A,Shirt,1,10,\n");
        out.print(start + (order % bad == 0 ? "no sku" : "B") + ",Shirt,1,10,\n");
      }
    }
  }
}
