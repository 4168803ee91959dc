package orderflow.fileimport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import orderflow.order.Amount;
import orderflow.order.NewOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UntidyRowsTest {

  private static final String HEADER =
      "orderRef,customerId,customerEmail,customerName,locale,currency,sku,name,quantity,unitPrice,couponCode\n";

  private static final Charset KOREAN = Charset.forName("windows-949");

  @Test
  void tidyOrdersWrittenUntidilyAreTheSameOrders() throws IOException {
    for (long seed = 1; seed <= 400; seed++) {
      UntidyRows rows = new UntidyRows(seed, "o");
      ReadRows tidy = ReadRows.of(rows.tidy());
      ReadRows untidy = ReadRows.of(rows.untidy());

      assertThat(tidy.refusals()).as("seed %d", seed).isEmpty();
      assertThat(untidy.refusals()).as("seed %d as %s", seed, untidy.format()).isEmpty();
      assertThat(untidy.orders())
          .as("seed %d as %s", seed, untidy.format())
          .isEqualTo(tidy.orders())
          .hasSameSizeAs(rows.references());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t", "|"})
  void findsTheDelimiterAndGivesBackWithIt(String delimiter) throws IOException {
    String text = (HEADER + row("o-1", "A") + row("o-2", "B").replace(",1,10", ",0,10"));
    ReadRows read = ReadRows.of(text.replace(",", delimiter).getBytes(StandardCharsets.UTF_8));

    assertThat(read.format()).isEqualTo(new ImportFormat("rows", delimiter, "UTF-8", null));
    assertThat(read.references()).containsExactly("o-1");
    assertThat(new String(read.rejected(), StandardCharsets.UTF_8))
        .startsWith("\uFEFForderRef" + delimiter)
        .contains(delimiter + "_line" + delimiter + "_error\no-2" + delimiter)
        .contains(delimiter + delimiter + "3" + delimiter + "\"/items/0/quantity must be");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sep=;\n", "\n\nSEP=;\r\n", "\"sep=;\"\n"})
  void theFirstLineMayTellTheDelimiter(String first) throws IOException {
    String text =
        first
            + (HEADER + row("o-1", "A").replace("Shirt", "Shirt,B"))
                .replace(',', ';')
                .replace("Shirt;B", "Shirt,B");

    assertThat(read(text).orders().get(0).items()).extracting("quantity").containsExactly(1);
    assertThat(read(text).format().delimiter()).isEqualTo(";");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "windows-949"})
  void decidesTheCharsetForTheWholeFileAndGivesBackInIt(String charset) throws IOException {
    String tidy = HEADER + row("o-1", "A").repeat(1) + row("o-2", "A").replace("Kim", "홍철");
    String text = tidy + row("o-3", "A").replace("Kim", "김민지").replace(",1,10", ",0,10");
    ReadRows read = ReadRows.of(text.getBytes(Charset.forName(charset)));

    assertThat(read.format().charset()).isEqualTo(charset);
    assertThat(read.orders().get(1).customer().name()).isEqualTo("홍철");
    String back = new String(read.rejected(), Charset.forName(charset));
    assertThat(back.startsWith("\uFEFF")).isEqualTo(charset.startsWith("UTF"));
    assertThat(back).contains("o-3,c-1,k@example.com,김민지");
    ReadRows corrected =
        ReadRows.of(back.replace(",0,10", ",2,10").getBytes(Charset.forName(charset)));
    assertThat(corrected.references()).containsExactly("o-3");
    assertThat(corrected.orders().get(0).customer().name()).isEqualTo("김민지");
  }

  /** Some Hangul of windows-949 happen to be UTF-8. */
  @Test
  void noOrderIsReadAsUtf8IfALaterOneIsNot() throws IOException {
    String lucky = HEADER + row("o-1", "A").replace("Kim", "홍철").replace("Shirt", "키친카트");
    assertThat(ReadRows.of(lucky.getBytes(KOREAN)).orders().get(0).customer().name())
        .as("all of which are")
        .isEqualTo("홍철");
    String latin = HEADER + row("o-1", "A").replace("Kim", "José Ações").replace("Shirt", "Größe");
    assertThat(read(latin).orders().get(0).customer().name()).isEqualTo("José Ações");
    String text = lucky + row("o-2", "A").replace("Kim", "김민지");

    assertThat(ReadRows.of(text.getBytes(KOREAN)).orders())
        .extracting(order -> order.customer().name())
        .containsExactly("홍철", "김민지");
  }

  @Test
  void whatIsNoTextIsRefusedAsAWhole() {
    byte[] neither = (HEADER + row("o-1", "A") + "é").getBytes(StandardCharsets.ISO_8859_1);
    byte[] nul = (HEADER + row("o-1", "A") + row("o-2", "A\0")).getBytes(StandardCharsets.UTF_8);

    assertThat(failure(neither))
        .isEqualTo(
            "Line 3 is not UTF-8, nor is it windows-949: save the file in the encoding UTF-8 and"
                + " drop it again.");
    assertThat(failure(nul)).startsWith("Line 3 has a NUL");
    assertThat(failure(new byte[4096])).startsWith("Line 1 has a NUL");
    assertThat(failure(new byte[] {(byte) 0xFF, (byte) 0xFE, 0, (byte) 0xD8, 0x41, 0}))
        .startsWith("Line 1 is not UTF-16LE");
  }

  @Test
  void namesInTheHeaderAreComparedWithoutCaseBlanksAndLines() throws IOException {
    String header =
        " Order_Ref ,CUSTOMER-ID,customer email,Customer Name,locale,currency,SKU,name,";
    ReadRows read = read(header + "Quantity,unit_price,couponCode,,\n" + row("o-1", "A"));

    assertThat(read.references()).containsExactly("o-1");
  }

  @Test
  void aValueBelowAColumnWithoutANameSpoilsItsOrder() throws IOException {
    String header = HEADER.replace("\n", ",,\n");
    ReadRows read = read(header + row("o-1", "A").replace("Shirt", "Shirt,x") + row("o-2", "A"));

    assertThat(read.references()).as("its coupon is shifted").containsExactly("o-2");
    assertThat(failure((",x," + HEADER).getBytes(StandardCharsets.UTF_8)))
        .contains("unknown: (column 1, which has no name), x");
  }

  @Test
  void rowsWhoseOrderColumnsAreBlankGoOnWithTheOrderAbove() throws IOException {
    ReadRows read =
        read(
            HEADER
                + row("o-1", "A")
                + ",,,,,,B,Hat,2,5,\n"
                + ",,,,,,,,,,\n"
                + "o-1,,,,,,C,Cap,1,5,\n"
                + ",,,,,KRW,D,Tie,1,5,\n"
                + row("o-2", "A"));

    assertThat(read.refusals()).isEmpty();
    assertThat(read.orders().get(0).items()).extracting("sku").containsExactly("A", "B", "C", "D");
    assertThat(read.orders().get(1).items()).hasSize(1);
  }

  @Test
  void aRowThatNamesACustomerButNoOrderIsAnOrderOfItsOwnWithoutReference() throws IOException {
    ReadRows read = read(HEADER + row("o-1", "A") + row("", "B") + row("o-2", "A"));

    assertThat(read.references()).containsExactly("o-1", "o-2");
    assertThat(read.refusals()).containsExactly("/orderRef is required");
  }

  @Test
  void anOrderWhoseRowsDoNotStandTogetherIsRefusedAsAWholeAndItsLinesAreNamed() throws IOException {
    ReadRows read =
        read(
            HEADER
                + row("o-1", "A")
                + row("o-2", "A")
                + row("o-1", "B")
                + row("o-3", "A")
                + row("o-1", "C"));
    String why =
        "the rows of the order do not stand together, they begin on lines 2, 4, 6: sort the rows by"
            + " orderRef";

    assertThat(read.references()).containsExactly("o-2", "o-3");
    assertThat(read.refusals()).containsExactly(why, "continued: " + why, "continued: " + why);
  }

  @Test
  void anOrderOneOfWhoseRowsIsBrokenElsewhereIsRefusedAsAWhole() throws IOException {
    for (String broken :
        List.of(
            row("o-1", "B").replace("Shirt", "\"Shirt"),
            row("o-1", "B").replace("Shirt", "\"Shirt\" x"),
            row("o-1", "B").replace("Shirt", "Shirt,x"))) {
      ReadRows read =
          read(
              HEADER
                  + row("o-1", "A")
                  + row("o-2", "A")
                  + row("o-3", "A")
                  + broken
                  + row("o-4", "A"));

      assertThat(read.references()).as(broken).containsExactly("o-2", "o-3", "o-4");
      assertThat(read.refusals().get(0)).contains("do not stand together", "lines 2, 5");
    }
  }

  @Test
  void aBrokenRowThatGoesOnSpoilsTheOrderAbove() throws IOException {
    ReadRows read = read(HEADER + row("o-1", "A") + ",,,,,,B,\"Hat,2,5,\n" + row("o-2", "A"));

    assertThat(read.references()).containsExactly("o-2");
    assertThat(read.refusals().get(0)).contains("line 3 has a quote that is never closed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12,50|has a decimal comma",
        "1,234|has a comma that may be a decimal comma or a thousands separator",
        "1.234,56|has a thousands separator and a decimal comma or point",
        "1,234.50|has a thousands separator and a decimal comma or point",
        "1.234.567|has a thousands separator",
        "1'234.50|has a thousands separator and a decimal comma or point",
        "12 345|has a thousands separator",
        "39.000|has a point that may be a thousands separator",
        "₩39000|must be",
        "1.25E+01|must be"
      })
  void refusesByNameWhatMayBeAnotherNumber(String price, String why) throws IOException {
    String row = row("o-1", "A").replace(",10,", ",\"" + price + "\",");

    assertThat(read(HEADER + row).refusals())
        .singleElement()
        .asString()
        .startsWith("/items/0/unitPrice " + why);
  }

  @Test
  void refusesWhatExcelHasMadeOfAReference() throws IOException {
    assertThat(read(HEADER + row("1.23E+15", "A")).refusals())
        .singleElement()
        .asString()
        .startsWith("/orderRef is a number that Excel has shortened");
    assertThat(read(HEADER + row("1E15", "A")).refusals()).isEmpty();
  }

  @Test
  void readsTheWholeNumberOfAQuantityAndNoFormulasFailure() throws IOException {
    assertThat(read(HEADER + row("o-1", "A").replace(",1,10", ",2.0,10")).orders().get(0).items())
        .extracting("quantity")
        .containsExactly(2);
    assertThat(read(HEADER + row("o-1", "A").replace("Kim", "#N/A")).refusals())
        .containsExactly("line 2 has #N/A in column 4, a formula's failure");
  }

  @Test
  void takesAProfileWhoseColumnsAreAllThere() throws IOException {
    Profile shop =
        new Profile(
            Map.of(
                "orderRef", List.of("주문 번호"),
                "customerId", List.of("Buyer"),
                "customerEmail", List.of("Mail"),
                "customerName", List.of("Buyer"),
                "sku", List.of("Code"),
                "name", List.of("Title"),
                "quantity", List.of("Pcs"),
                "unitPrice", List.of("Price")),
            Map.of("currency", "EUR", "locale", "de"),
            Map.of("Status", List.of("cancelled")),
            Set.of());
    String header = "Status;주문번호;Mail;Buyer;Code;Title;pcs;price;Weight;Weight\n";
    ReadRows read =
        ReadRows.of(
            (header
                    + "paid;o-1;a@example.com;Ann;A;Shirt;1;12.50;3;4\n"
                    + ";;;;B;Hat;2;5;;\n"
                    + "Cancelled;o-2;b@example.com;Bo;A;Shirt;1;12.50;;\n")
                .getBytes(KOREAN),
            Map.of("shop", shop));

    assertThat(read.format()).isEqualTo(new ImportFormat("rows", ";", "windows-949", "shop"));
    assertThat(read.refusals()).isEmpty();
    assertThat(read.references()).containsExactly("o-1");
    assertThat(read.skipped()).isEqualTo(1);
    NewOrder order = read.orders().get(0);
    assertThat(order.subtotal()).isEqualByComparingTo("22.50");
    assertThat(order.currency().getCurrencyCode()).isEqualTo("EUR");
    assertThat(order.customer().locale()).isEqualTo("de");
  }

  @Test
  void readsTheOrdersExportOfShopify() throws IOException {
    String header =
        "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount"
            + " Code,Discount Amount,Lineitem quantity,Lineitem name,Lineitem price,Lineitem"
            + " sku,Billing Name,Notes,Cancelled at,Phone,Vendor\n";
    String text =
        header
            + "#1001,ann@example.com,paid,x,USD,22.50,5.00,2.25,29.75,SUMMER,2.50,2,Shirt,10.00,TS-1,Ann"
            + " Doe,\"first\n\nlast, note\",,'+1 555 0100,V\n"
            + "#1001,ann@example.com,,,,,,,,,,1,Hat,5.00,,,,,,\n"
            + "#1002,,paid,x,EUR,119.00,0.00,19.00,119.00,,0.00,1,Schuh,119.00,S-1,,,,+49 30"
            + " 1234,V\n"
            + "#1003,,paid,x,EUR,10.00,0.00,0.00,10.00,,,1,Socke,10.00,,,,,,\n"
            + "#1004,bo@example.com,voided,x,EUR,10.00,0.00,0.00,10.00,,,1,Socke,10.00,,,,,,\n"
            + "#1005,bo@example.com,refunded,x,EUR,10.00,0.00,0.00,10.00,,,1,Socke,10.00,,,,,,\n"
            + "#1006,bo@example.com,paid,x,EUR,10.00,0.00,0.00,10.00,,,1,Socke,10.00,,,,2026-11-01,,\n"
            + "#1007,bo@example.com,paid,x,EUR,10.00,0.00,0.00,12.00,,,1,Socke,10.00,,,,,,\n";
    ReadRows read =
        ReadRows.of(text.getBytes(StandardCharsets.UTF_8), Profile.withBuiltIn(Map.of()));

    assertThat(read.format()).isEqualTo(new ImportFormat("rows", ",", "UTF-8", "shopify"));
    assertThat(read.references()).containsExactly("#1001", "#1002", "#1003");
    assertThat(read.skipped()).isEqualTo(3);
    assertThat(read.refusals()).containsExactly("the file's total is 12.00, the order's is 10.00");
    NewOrder first = read.orders().get(0);
    assertThat(first.items()).extracting("sku").containsExactly("TS-1", null);
    assertThat(first.discounts()).containsExactly(new Amount("SUMMER", new BigDecimal("2.50")));
    assertThat(first.charges())
        .as("taxes come on top")
        .containsExactly(
            new Amount("Shipping", new BigDecimal("5.00")),
            new Amount("Tax", new BigDecimal("2.25")));
    assertThat(first.couponCode()).isNull();
    assertThat(first.orderNumber()).isEqualTo("#1001");
    assertThat(first.customer().name()).isEqualTo("Ann Doe");
    assertThat(first.customer().phone()).isEqualTo("+1 555 0100");
    assertThat(read.orders().get(1).charges()).as("prices contain taxes").isEmpty();
    assertThat(read.orders())
        .extracting(order -> order.customer().id())
        .containsExactly("ann@example.com", "+49301234", "#1003");
  }

  @Test
  void takesWhatIsSettledElsewhereFromTheFirstRow() throws IOException {
    String header = HEADER.replace("\n", ",discount,discountLabel,shipping,tax\n");
    ReadRows read =
        read(
            header
                + row("o-1", "A").replace(",1,10,\n", ",1,39000.00,,1000,Sale,2500,0\n")
                + "o-1,,,,,,B,Hat,1,10,,,,,\n"
                + row("o-2", "A").replace("\n", ",\"1,000\",,,\n"));

    assertThat(read.orders()).hasSize(1);
    assertThat(read.orders().get(0).discounts()).extracting("label").containsExactly("Sale");
    assertThat(read.orders().get(0).charges()).extracting("label").containsExactly("Shipping");
    assertThat(read.refusals().get(0)).startsWith("/discounts/0/amount has a comma that may be");
  }

  private static String row(String reference, String sku) {
    return reference + ",c-1,k@example.com,Kim,,KRW," + sku + ",Shirt,1,10,\n";
  }

  private static ReadRows read(String text) throws IOException {
    return ReadRows.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String failure(byte[] content) {
    try {
      return "read: " + ReadRows.of(content);
    } catch (UnreadableFile | IOException e) {
      return e.getMessage();
    }
  }
}
