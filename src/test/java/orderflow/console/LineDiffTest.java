package orderflow.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import orderflow.console.LineDiff.Kind;
import orderflow.console.LineDiff.Line;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineDiffTest {

  @ParameterizedTest
  @CsvSource({
    "a b c, a b c, …",
    "a b c, a x c, =a -b +x =c",
    "a c, a b c, =a +b =c",
    "a b c, a c, =a -b =c",
    "a, b, -a +b",
    "a b c d, b c d a, -a =b =c =d +a",
    "1 2 3 4 5 6 a, 1 2 3 4 5 6 b, … =4 =5 =6 -a +b",
    "a 1 2 3 4 5 6, b 1 2 3 4 5 6, -a +b =1 =2 =3 …"
  })
  void showsWhatDiffersWithAFewLinesAround(String before, String after, String expected) {
    List<Line> lines =
        LineDiff.of(Arrays.asList(before.split(" ")), Arrays.asList(after.split(" ")));

    assertThat(String.join(" ", lines.stream().map(LineDiffTest::sign).toList()))
        .isEqualTo(expected);
  }

  @Test
  void comparesTextsOfAnySizeInAMoment() {
    List<Line> lines =
        LineDiff.of(Collections.nCopies(50_000, "a"), Collections.nCopies(50_000, "b"));

    assertThat(lines).hasSize(100_000);
  }

  @Test
  void jsonHasALineForEachMemberAndKeepsEverySign() {
    assertThat(
            PayloadLines.of("{\"a\":1.50,\"b\" : [ ] ,\"c\":{\"d\":\"x, {y}\\\" \"},\"c\":[1,2]}"))
        .containsExactly(
            "{",
            "  \"a\": 1.50,",
            "  \"b\": [],",
            "  \"c\": {",
            "    \"d\": \"x, {y}\\\" \"",
            "  },",
            "  \"c\": [",
            "    1,",
            "    2",
            "  ]",
            "}");
  }

  @Test
  void whatIsCutOffIsShownAsFarAsItGoes() {
    assertThat(PayloadLines.of("{\"a\":{\"b\":\"c"))
        .containsExactly("{", "  \"a\": {", "    \"b\": \"c");
    assertThat(PayloadLines.of("]}{x")).containsExactly("]}{x");
    assertThat(PayloadLines.of("no JSON\nat all")).containsExactly("no JSON", "at all");
    assertThat(PayloadLines.of("")).isEmpty();
  }

  @Test
  void whatIsReadAgainIsTheSame() {
    String json = "{\"a\":[{\"b\":1},{}],\"c\":\"\\\\\"}";

    assertThat(PayloadLines.text(PayloadLines.text(json))).isEqualTo(PayloadLines.text(json));
  }

  private static String sign(Line line) {
    return line.kind() == Kind.GAP
        ? line.text()
        : switch (line.kind()) {
              case SAME -> "=";
              case REMOVED -> "-";
              default -> "+";
            }
            + line.text();
  }
}
