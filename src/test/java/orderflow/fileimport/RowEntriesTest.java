package orderflow.fileimport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import orderflow.order.Components;
import orderflow.order.NewOrder;
import org.junit.jupiter.api.Test;

class RowEntriesTest {

  private static final String HEADER =
      "orderRef,customerId,customerEmail,customerName,locale,currency,sku,name,quantity,unitPrice,couponCode\n";

  @Test
  void readsNeighbouringRowsOfOneReferenceAsOneOrder() throws IOException {
    List<NewOrder> orders = orders(HEADER + row("o-1", "A") + row("o-1", "B") + row("o-2", "A"));

    assertThat(orders).extracting(NewOrder::reference).containsExactly("o-1", "o-2");
    assertThat(orders.get(0).items()).extracting("sku").containsExactly("A", "B");
    assertThat(orders.get(0).customer().phone()).as("there is no such column").isNull();
  }

  @Test
  void readsEveryField() throws IOException {
    NewOrder order =
        orders(
                HEADER.replace("\n", ",customerPhone\n")
                    + "o-1,c-1,minji@example.com,김민지,ko,KRW,TS-001,린넨"
                    + " 셔츠,2,39000,WELCOME10,010-1234\n")
            .get(0);

    assertThat(Components.absentIn(order)).containsExactly("traceParent");
    assertThat(order.customer().phone()).isEqualTo("010-1234");
    assertThat(order.reference()).isEqualTo("o-1");
    assertThat(order.customer().id()).isEqualTo("c-1");
    assertThat(order.customer().name()).isEqualTo("김민지");
    assertThat(order.customer().locale()).isEqualTo("ko");
    assertThat(order.currency().getCurrencyCode()).isEqualTo("KRW");
    assertThat(order.couponCode()).isEqualTo("WELCOME10");
    assertThat(order.items().get(0).quantity()).isEqualTo(2);
    assertThat(order.items().get(0).unitPrice()).isEqualByComparingTo("39000");
  }

  @Test
  void anEmptyPhoneIsNone() throws IOException {
    String row = row("o-1", "A").strip();

    assertThat(orders(HEADER.replace("\n", ",customerPhone\n") + row + ",\n"))
        .extracting(order -> order.customer().phone())
        .containsOnlyNulls();
  }

  @Test
  void takesColumnsInAnyOrderAndPassesOverThoseWithAnUnderscore() throws IOException {
    NewOrder order =
        orders(
                "_note,unitPrice,quantity,name,sku,currency,customerName,customerEmail,customerId,orderRef,_error\n"
                    + "x,12.50,1,Shirt,A,USD,Kim,k@example.com,c-1,o-1,y\n")
            .get(0);

    assertThat(order.reference()).isEqualTo("o-1");
    assertThat(order.couponCode()).isNull();
    assertThat(order.customer().locale()).isEqualTo("en");
  }

  @Test
  void understandsQuotesLineEndsInQuotesAndEveryKindOfLineEnd() throws IOException {
    for (String lineEnd : List.of("\n", "\r\n", "\r")) {
      String text =
          "\uFEFF"
              + HEADER.strip()
              + lineEnd
              + "\"o-1\",c-1,k@example.com,\"Kim, \"\"Minji\"\"\",,KRW,A,\"A, B\",1,10,"
              + lineEnd
              + lineEnd
              + "o-2,c-1,k@example.com,Kim,,KRW,A,5\" pipe,1,10,\"\"";
      List<NewOrder> orders = orders(text);

      assertThat(orders).extracting(NewOrder::reference).containsExactly("o-1", "o-2");
      assertThat(orders.get(0).customer().name()).isEqualTo("Kim, \"Minji\"");
      assertThat(orders.get(0).items().get(0).name()).isEqualTo("A, B");
      assertThat(orders.get(1).items().get(0).name()).isEqualTo("5\" pipe");
    }
  }

  @Test
  void countsPhysicalLines() throws IOException {
    String text =
        HEADER + "o-1,c-1,k@example.com,Kim,,KRW,A,\"two\nlines\",1,10,\r\n\n" + row("", "A");

    assertThat(rejected(text))
        .contains(
            ",2,\"/items/0/name must be 1 to 200 Unicode characters and no control"
                + " characters\"\r\n");
    assertThat(rejected(text)).contains(",5,\"/orderRef is required\"\n");
  }

  @Test
  void namesAllFaultsOfAnOrderInTheWordsOfTheInterface() throws IOException {
    String text = HEADER + "o 1,c-1,nobody,,,KRW,A,Shirt,0,10.5,\n";

    assertThat(rejected(text))
        .isEqualTo(
            "\uFEFF"
                + HEADER.strip()
                + ",_line,_error\n"
                + "o 1,c-1,nobody,,,KRW,A,Shirt,0,10.5,,2,\"/orderRef must be 1 to 255 visible"
                + " ASCII characters; /customer/email must be one e-mail address of at most 254"
                + " characters; /items/0/quantity must be a whole"
                + " number from 1 to 9999; /items/0/unitPrice must have no more than 0 decimals in"
                + " KRW\"\n");
  }

  @Test
  void givesBackAllRowsOfARefusedOrderByteForByte() throws IOException {
    String first = "o-1,c-1,k@example.com,\"Kim\",,KRW,A,\"A \"\"x\"\"\",1,10,";
    String second = "o-1,c-1,k@example.com,Kim,,KRW,B,셔츠,x,10,";

    assertThat(rejected("\uFEFF" + HEADER.replace("\n", "\r\n") + first + "\r\n" + second))
        .isEqualTo(
            "\uFEFF"
                + HEADER.strip()
                + ",_line,_error\r\n"
                + first
                + ",2,\"the order is rejected because of line 3\"\r\n"
                + second
                + ",3,\"/items/1/quantity must be a whole number from 1 to 9999\"\r\n");
  }

  @Test
  void refusesRowsOfOneOrderThatContradictEachOther() throws IOException {
    String text =
        HEADER + row("o-1", "A") + row("o-1", "B").replace("Kim", "Lee").replace("KRW", "USD");

    assertThat(refusals(text))
        .containsExactly(
            "/customer/name must be the same in all rows of the order, or blank below the first;"
                + " line 3 differs from line 2; "
                + "/currency must be the same in all rows of the order, or blank below the first;"
                + " line 3 differs from line 2");
  }

  @Test
  void refusesTheWholeOrderIfOneOfItsRowsIsBroken() throws IOException {
    String text =
        HEADER
            + row("o-0", "A")
            + row("o-1", "A")
            + row("o-1", "C").replace("\n", ",,\n")
            + row("o-1", "B")
            + row("o-2", "A");

    assertThat(refusals(text)).containsExactly("line 4 has 13 fields where the header has 11");
    assertThat(references(text)).containsExactly("o-0", "o-2");
  }

  @Test
  void aShortRowLacksItsLastValuesAndIsGivenBackWithLineAndFaultInTheirColumns()
      throws IOException {
    String rejected = rejected(HEADER + "o-1,c-1,k@example.com,Kim,,KRW,A,Shirt,1\n");

    assertThat(rejected)
        .isEqualTo(
            "\uFEFF"
                + HEADER.strip()
                + ",_line,_error\no-1,c-1,k@example.com,Kim,,KRW,A,Shirt,1,,,2,"
                + "\"/items/0/unitPrice is required\"\n");
    assertThat(references(rejected.replace("Shirt,1,,", "Shirt,1,10,"))).containsExactly("o-1");
    assertThat(references(HEADER + "o-1,c-1,k@example.com,Kim,,KRW,A,Shirt,1,10\n"))
        .as("of what is optional")
        .containsExactly("o-1");
  }

  @Test
  void tellsABrokenRowsLatestFaultAloneHoweverOftenItIsRefused() throws IOException {
    for (String row :
        List.of(
            row("o-1", "A").replace("Kim", "Kim, Minji").strip(),
            row("o-1", "A").replace("Kim", "\"Kim\" 2,\"\"").strip(),
            "o-1,c-1,\"\"\"x\"\"\" y,7,\"\"",
            row("o-1", "A").replace("Kim", "\"Kim").strip())) {
      String once = rejected(HEADER + row + "\n");
      String twice = rejected(once);

      assertThat(once).as(row).contains("\n" + row + ",");
      assertThat(twice.lines().skip(1).findFirst().orElseThrow().replace("line 2 ", ""))
          .matches(Pattern.quote(row) + ",*,2,\"[^\"]*\"");
    }
  }

  @Test
  void refusesTheOrderWhoseFirstRowIsBroken() throws IOException {
    String text =
        HEADER + row("o-1", "A") + row("o-2", "A").replace("Kim", "Kim,Minji") + row("o-2", "B");

    assertThat(refusals(text)).containsExactly("line 3 has 12 fields where the header has 11");
    assertThat(references(text)).containsExactly("o-1");
  }

  @Test
  void refusesTextAfterAClosingQuote() throws IOException {
    String text = HEADER + row("o-1", "A").replace("Kim", "\"Kim\" Minji") + row("o-2", "A");

    assertThat(refusals(text)).containsExactly("line 2 has text after a closing quote");
    assertThat(references(text)).containsExactly("o-2");
  }

  @Test
  void losesOneLineOnlyToAQuoteThatIsNeverClosed() throws IOException {
    String text =
        HEADER
            + row("o-1", "A")
            + row("o-2", "A").replace("Kim", "\"Kim")
            + row("o-3", "A")
            + row("o-4", "A");

    assertThat(refusals(text)).containsExactly("line 3 has a quote that is never closed");
    assertThat(references(text)).containsExactly("o-1", "o-3", "o-4");
  }

  @Test
  void refusesOrdersThatABrokenRowHasSwallowedAPartOf() throws IOException {
    String text =
        HEADER
            + row("o-1", "A")
            + row("o-1", "\"B")
            + row("o-2", "A")
            + row("o-2", "\"B")
            + row("o-2", "C")
            + row("o-3", "A");

    assertThat(references(text)).containsExactly("o-3");
    assertThat(refusals(text)).hasSize(2);
  }

  @Test
  void refusesAnOrderOfAnyLengthAsOne() throws IOException {
    String text = HEADER + row("o-1", "A").repeat(50_000) + row("o-2", "A");

    assertThat(references(text)).containsExactly("o-2");
    List<ParsedEntry> all = all(text);
    assertThat(all.stream().filter(c -> !c.continued())).hasSize(2);
    assertThat(all.stream().mapToInt(c -> c.rows().size()).sum()).isEqualTo(50_001);
  }

  @Test
  void findsNoOrderInAnEmptyFileOrBehindAHeader() throws IOException {
    assertThat(all("")).isEmpty();
    assertThat(all("\uFEFF")).isEmpty();
    assertThat(all(HEADER)).isEmpty();
    assertThat(all(HEADER.strip())).isEmpty();
  }

  @Test
  void namesEveryFaultOfTheHeader() {
    assertThatThrownBy(() -> all("orderRef,customerNo,customerEmail,sku,sku\n"))
        .isInstanceOf(UnreadableFile.class)
        .hasMessageContaining("unknown: customerNo")
        .hasMessageContaining("missing: currency, customerId, name, quantity, unitPrice")
        .hasMessageContaining("there twice: sku");
  }

  @Test
  void saysWhereTheEncodingIsNotUtf8() {
    byte[] latin =
        (HEADER + row("o-1", "A") + row("o-2", "A").replace("Kim", "Jos\u00e9"))
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> all(latin))
        .isInstanceOf(UnreadableFile.class)
        .hasMessageStartingWith("Line 3 is not UTF-8");
  }

  @Test
  void eachRowNamesItsOwnFaultsAndThoseOfItsOrder() throws IOException {
    String text =
        HEADER
            + row("o-1", "no\u0007sku")
            + row("o-1", "B")
            + row("o-1", "C").replace(",10,", ",1.5,")
            + row("o-2", "A").replace("k@example.com", "nobody")
            + row("o-2", "no\u0007sku").replace("k@example.com", "nobody");

    assertThat(rejected(text).lines().skip(1).map(line -> line.replaceFirst(".*,(\\d+,\")", "$1")))
        .containsExactly(
            "2,\"/items/0/sku must be 1 to 100 printable characters\"",
            "3,\"the order is rejected because of lines 2, 4\"",
            "4,\"/items/2/unitPrice must have no more than 0 decimals in KRW\"",
            "5,\"/customer/email must be one e-mail address of at most 254 characters\"",
            "6,\"/customer/email must be one e-mail address of at most 254 characters; "
                + "/items/1/sku must be 1 to 100 printable characters\"");
  }

  @Test
  void givesBackNoMoreThanAFewTimesWhatItReadHoweverManyFaultsAnOrderHas() throws IOException {
    String faulty = HEADER + row("o-1", "A").replace(",1,10,", ",0,12.50,").repeat(200);
    assertThat(rejected(faulty)).hasSizeLessThan(5 * faulty.length());

    String shortRows = HEADER + "o-1,,,,,,,,,,\n".repeat(50_000);
    assertThat(rejected(shortRows)).hasSizeLessThan(8 * shortRows.length());
  }

  @Test
  void saysNoMoreThanAThousandCharactersOfARow() throws IOException {
    String fields = row("", "no\u0007sku").replace(",1,10,", ",0,12.50,").strip();
    String header = "x".repeat(3_000);

    assertThatThrownBy(() -> all(header + "," + HEADER))
        .hasMessageContaining("unknown: " + "x".repeat(100) + "…")
        .hasMessageMatching("(?s).{1,1000}");
    assertThat(rejected(HEADER + fields + "\n").lines().skip(1)).allMatch(l -> l.length() < 1_200);
  }

  @Test
  void takesAHeaderOfTenThousandColumnsAndRefusesOneOfMoreThanASpreadsheetHas() throws IOException {
    int more = 10_000 - 11;
    String text = "_,".repeat(more) + HEADER + ",".repeat(more) + row("o-1", "A");

    assertThat(references(text)).containsExactly("o-1");
    assertThatThrownBy(() -> all(",".repeat(1_000_000) + HEADER))
        .isInstanceOf(UnreadableFile.class)
        .hasMessageContaining("more than 16384 columns");
  }

  @Test
  void refusesARowOfAMillionFieldsAlone() throws IOException {
    String text =
        HEADER
            + row("o-1", "A")
            + ("x" + ",".repeat(1_000_000))
            + "\n"
            + ("y" + ",".repeat(8_000_000))
            + "\n"
            + row("o-2", "A");

    assertThat(references(text)).containsExactly("o-1", "o-2");
    assertThat(refusals(text))
        .containsExactly(
            "line 3 has 1000001 fields where the header has 11",
            "line 4 is longer than 1048576 bytes");
  }

  /** Each line leaves the quote open, whether one is open before it or not. */
  @Test
  void aFileFullOfQuotesThatAreNeverClosedTakesNoLongerThanOthers() throws IOException {
    String text = HEADER + "x\",\"\n".repeat(20_000) + row("o-1", "A");
    TextRows rows = TextRows.csv(new ByteArrayInputStream(text.getBytes(UTF_8)), ',');

    int count = 0;
    SourceRow last = null;
    for (SourceRow row = rows.next(); row != null; row = rows.next()) {
      last = row;
      count++;
    }

    assertThat(count).isEqualTo(20_002);
    assertThat(last).isNotNull();
    assertThat(new String(last.bytes(), UTF_8)).startsWith("o-1,");
  }

  @Test
  void quotesThatAreNeverClosedCostTheirRowsOnly() throws IOException {
    String text = HEADER + "x\",\"\n".repeat(1_000) + row("o-1", "A");

    assertThat(refusals(text)).isNotEmpty();
    assertThat(references(text)).endsWith("o-1");
  }

  private static String row(String reference, String sku) {
    return reference + ",c-1,k@example.com,Kim,,KRW," + sku + ",Shirt,1,10,\n";
  }

  private static List<String> references(String text) throws IOException {
    return orders(text).stream().map(NewOrder::reference).toList();
  }

  private static List<NewOrder> orders(String text) throws IOException {
    List<NewOrder> orders = new ArrayList<>();
    for (ParsedEntry candidate : all(text)) {
      NewOrder order = candidate.read(ReadRows.AS_ORDERS).content();
      if (order != null) {
        orders.add(order);
      }
    }
    return orders;
  }

  private static List<String> refusals(String text) throws IOException {
    List<String> refusals = new ArrayList<>();
    for (ParsedEntry candidate : all(text)) {
      Rejection rejection = candidate.read(ReadRows.AS_ORDERS).rejection();
      if (rejection != null) {
        refusals.add(
            IntStream.range(0, candidate.rows().size())
                .mapToObj(rejection::ofRow)
                .distinct()
                .filter(why -> !why.startsWith("the order is rejected because of"))
                .collect(Collectors.joining("; ")));
      }
    }
    return refusals;
  }

  private static String rejected(String text) throws IOException {
    EntrySource source = source(text.getBytes(UTF_8));
    StringBuilder rejected = new StringBuilder(new String(source.rejectedHeader(), UTF_8));
    for (ParsedEntry candidate = source.next(); candidate != null; candidate = source.next()) {
      Rejection rejection = candidate.read(ReadRows.AS_ORDERS).rejection();
      for (int i = 0; rejection != null && i < candidate.rows().size(); i++) {
        byte[] row = source.rejected(candidate.rows().get(i), rejection.ofRow(i));
        rejected.append(new String(row, UTF_8));
      }
    }
    return rejected.toString();
  }

  private static List<ParsedEntry> all(String text) throws IOException {
    return all(text.getBytes(UTF_8));
  }

  private static EntrySource source(byte[] content) throws IOException {
    return FileSurvey.of(
            FileSubject.ORDERS,
            FileFormat.Content.ROWS,
            () -> new ByteArrayInputStream(content),
            "windows-949",
            Map.of(),
            Path.of("unused"))
        .entries();
  }

  private static List<ParsedEntry> all(byte[] content) throws IOException {
    EntrySource source = source(content);
    List<ParsedEntry> all = new ArrayList<>();
    for (ParsedEntry candidate = source.next(); candidate != null; candidate = source.next()) {
      all.add(candidate);
    }
    return all;
  }
}
