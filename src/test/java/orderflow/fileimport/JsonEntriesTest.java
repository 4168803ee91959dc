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
import orderflow.fileimport.FileFormat.Content;
import orderflow.order.NewOrder;
import org.junit.jupiter.api.Test;

class JsonEntriesTest {

  @Test
  void readsAnOrderALine() throws IOException {
    String text = "\uFEFF" + order("o-1") + "\r\n\n  \n" + order("o-2");

    assertThat(outcomes(Content.JSONL, text)).containsExactly("o-1", "o-2");
  }

  @Test
  void readsAListOfOrdersOrASingleOne() throws IOException {
    assertThat(outcomes(Content.JSON, "\uFEFF [" + order("o-1") + "\n,\n" + order("o-2") + "]\n"))
        .containsExactly("o-1", "o-2");
    assertThat(outcomes(Content.JSON, order("o-1"))).containsExactly("o-1");
  }

  @Test
  void findsNoOrderInAnEmptyFileOrList() throws IOException {
    assertThat(outcomes(Content.JSONL, "")).isEmpty();
    assertThat(outcomes(Content.JSON, "")).isEmpty();
    assertThat(outcomes(Content.JSON, " \n")).isEmpty();
    assertThat(outcomes(Content.JSON, "\uFEFF[ ]\n")).isEmpty();
  }

  @Test
  void givesBackALineAsItWasWithItsFaults() throws IOException {
    String line = order("o-1").replace("\"quantity\":2", "\"quantity\" :  0").replace("KRW", "won");

    assertThat(outcomes(Content.JSONL, "\n" + line + "\n"))
        .containsExactly(
            line.substring(0, line.length() - 1)
                + ",\"_line\":2,\"_error\":\"/currency must be an ISO 4217 currency code such as"
                + " KRW; /items/0/quantity must be a whole number from 1 to 9999\"}\n");
  }

  @Test
  void refusesAGivenBackLineAgainWithItsNewFaultOnly() throws IOException {
    String first = outcomes(Content.JSONL, order("o-1").replace("KRW", "won")).get(0);
    String second = outcomes(Content.JSONL, first.replace("\"won\"", "\"WON\"")).get(0);

    assertThat(second).isEqualTo(first.replace("\"won\"", "\"WON\""));
    assertThat(outcomes(Content.JSONL, first.replace("\"won\"", "\"KRW\""))).containsExactly("o-1");
  }

  @Test
  void givesBackAnOrderOfAListOnOneLine() throws IOException {
    String text = "[\n" + order("o-1") + ",\n{\n  \"orderRef\": \"o-2\"\n}\n, 7, \"x\"]";

    assertThat(outcomes(Content.JSON, text))
        .containsExactly(
            "o-1",
            "{   \"orderRef\": \"o-2\" ,\"_line\":3,\"_error\":\"/customer is required; /currency"
                + " is required; /items is required\"}\n",
            "{\"_text\":\"7\",\"_line\":6,\"_error\":\"must be an object\"}\n",
            "{\"_text\":\"\\\"x\\\"\",\"_line\":6,\"_error\":\"must be an object\"}\n");
  }

  @Test
  void refusesALineThatIsNoJsonAndGoesOn() throws IOException {
    List<String> outcomes =
        outcomes(
            Content.JSONL,
            "{\"orderRef\":\"o-1\",}\n{}\nnonsense\n{\"a\":NaN}\n{/*a*/}\n" + order("o-2"));

    assertThat(outcomes).hasSize(6).last().isEqualTo("o-2");
    assertThat(outcomes.get(0))
        .startsWith("{\"orderRef\":\"o-1\",,\"_line\":1,\"_error\":\"is no JSON: ");
    assertThat(outcomes.get(1)).startsWith("{\"_line\":2,\"_error\":\"/orderRef is required; ");
    assertThat(outcomes.get(2))
        .startsWith("{\"_text\":\"nonsense\",\"_line\":3,\"_error\":\"is no JSON: ");
    assertThat(outcomes.get(3)).endsWith("\"is no JSON: Non-standard token 'NaN'\"}\n");
    assertThat(outcomes.get(4)).endsWith("maybe a (non-standard) comment?\"}\n");
  }

  @Test
  void refusesFieldsNamedTwiceAndUnknownOnes() throws IOException {
    assertThat(
            outcomes(
                    Content.JSONL,
                    order("o-1").replace("{\"orderRef\"", "{\"orderRef\":\"x\",\"orderRef\""))
                .get(0))
        .contains("Duplicate field 'orderRef'");
    assertThat(
            outcomes(
                    Content.JSONL,
                    order("o-1").replace("\"currency\"", "\"cuponCode\":\"A\",\"currency\""))
                .get(0))
        .contains("/cuponCode is not a known field");
  }

  @Test
  void refusesALineLongerThanAnOrderMayBe() throws IOException {
    String line = order("o-1").replace("린넨 셔츠", "x".repeat(SourceRow.LONGEST));

    assertThat(outcomes(Content.JSONL, line + "\n" + order("o-2")).get(0))
        .contains("is longer than 1048576 bytes");
  }

  @Test
  void saysWhereAListIsBroken() {
    assertThatThrownBy(
            () -> outcomes(Content.JSON, "[" + order("o-1") + ",\n{\"orderRef\": \"o-2\""))
        .isInstanceOf(UnreadableFile.class)
        .hasMessageStartingWith("Line 2 is not as JSON must be: ");
    assertThatThrownBy(() -> outcomes(Content.JSON, order("o-1") + "\n" + order("o-2")))
        .isInstanceOf(UnreadableFile.class)
        .hasMessageContaining(".jsonl");
    assertThatThrownBy(() -> outcomes(Content.JSON, "[] {}")).isInstanceOf(UnreadableFile.class);
  }

  @Test
  void readsNoFurtherThanWhatCouldBeAnOrder() {
    String endless = "{\"orderRef\":\"" + "x".repeat(SourceRow.LONGEST_KEPT + 1);

    assertThatThrownBy(() -> outcomes(Content.JSON, endless))
        .hasMessageContaining("longer than 8 MiB");
    assertThatThrownBy(() -> outcomes(Content.JSONL, endless))
        .hasMessageContaining("longer than 8 MiB");
  }

  @Test
  void saysNoMoreThanAThousandCharactersOfAnOrder() throws IOException {
    StringBuilder many = new StringBuilder("{\"" + "long".repeat(1_000) + "\":1");
    for (int i = 0; i < 5_000; i++) {
      many.append(",\"unknown").append(i).append("\":1");
    }

    String given = outcomes(Content.JSONL, many + "}\n").get(0);

    String error = given.substring(given.indexOf("\"_error\":\"") + 10, given.length() - 3);
    assertThat(error).hasSizeLessThanOrEqualTo(1_000).endsWith(" more");
  }

  @Test
  void refusesAloneWhatIsDeepEndlessOrHasTooManyValues() throws IOException {
    String values = "{\"orderRef\":[" + "1,".repeat(100_000) + "1]}";
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    String controls = "\u0001".repeat(2_000_000);
    String text = values + "\n" + deep + "\n" + controls + "\n" + order("o-1");

    List<String> outcomes = outcomes(Content.JSONL, text);

    assertThat(outcomes).hasSize(4).last().isEqualTo("o-1");
    assertThat(outcomes.get(0)).contains("has more values, or deeper or longer ones");
    assertThat(outcomes.get(1)).contains("has more values, or deeper or longer ones");
    assertThat(outcomes.get(2)).contains("is longer than").hasSizeLessThan(100_000);
  }

  @Test
  void givesBackAnObjectThatIsTooLongAsItWas() throws IOException {
    String line = order("o-1").replace("린넨 셔츠", "x".repeat(2 * SourceRow.LONGEST));

    assertThat(outcomes(Content.JSON, "[" + line.replaceFirst(",", ",\n") + "]").get(0))
        .startsWith(line.substring(0, line.length() - 1).replaceFirst(",", ", ") + ",\"_line\":1,");
  }

  @Test
  void cutsAListOfVeryManySmallElementsOnOneLine() throws IOException {
    assertThat(outcomes(Content.JSON, "[" + "7,".repeat(50_000) + order("o-1") + "]"))
        .hasSize(50_001)
        .last()
        .isEqualTo("o-1");
  }

  private static String order(String reference) {
    return "{\"orderRef\":\""
        + reference
        + "\",\"customer\":{\"id\":\"c-1\",\"email\":\"minji@example.com\",\"name\":\"김민지\"},\"currency\":\"KRW\",\"items\":[{\"sku\":\"A\",\"name\":\"린넨"
        + " 셔츠\",\"quantity\":2,\"unitPrice\":39000}]}";
  }

  /** The reference of each order, or how it is given back. */
  private static List<String> outcomes(Content content, String text) throws IOException {
    EntrySource source =
        FileSurvey.of(
                FileSubject.ORDERS,
                content,
                () -> new ByteArrayInputStream(text.getBytes(UTF_8)),
                "windows-949",
                Map.of(),
                Path.of("unused"))
            .entries();
    List<String> outcomes = new ArrayList<>();
    for (ParsedEntry candidate = source.next(); candidate != null; candidate = source.next()) {
      ParsedEntry.Reading<NewOrder> read = candidate.read(ReadRows.AS_ORDERS);
      outcomes.add(
          read.content() != null
              ? read.content().reference()
              : new String(
                  source.rejected(candidate.rows().get(0), read.rejection().ofRow(0)), UTF_8));
    }
    return outcomes;
  }
}
