package orderflow.platform.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionOptionsTest {

  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://db/x, jdbc:postgresql://db/x",
    "jdbc:postgresql://db/x?options=-c%20a=b, jdbc:postgresql://db/x",
    "jdbc:postgresql://db/x?options=-c%20a=b&ssl=true, jdbc:postgresql://db/x?ssl=true",
    "jdbc:postgresql://db/x?ssl=true&options=-c%20a=b, jdbc:postgresql://db/x?ssl=true",
    "jdbc:postgresql://db/x?a=1&options=-c%20a=b&b=2, jdbc:postgresql://db/x?a=1&b=2",
    "jdbc:postgresql://db/x?currentoptions=1, jdbc:postgresql://db/x?currentoptions=1"
  })
  void areTakenOutOfTheUrlAndNothingElseIs(String url, String without) {
    assertThat(SessionOptions.urlWithout(url)).isEqualTo(without);
  }
}
