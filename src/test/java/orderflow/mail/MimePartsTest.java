package orderflow.mail;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MimePartsTest {

  private static final String LONG =
      "a line that is longer than what fits in a line, and = signs, and spaces ";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        "a=b",
        "trailing space \r\nnext \r\n",
        "가나다",
        "ends with space ",
        "\ttab\t\r\n",
        LONG + LONG + "₩1,000" + LONG + "끝",
        "\r\n\r\n",
        "lone \r and \n",
        "..\r\n.\r\n"
      })
  void quotedPrintableIsReadAsItWasWritten(String text) throws Exception {
    byte[] bytes = MimeParts.quotedPrintable(text.getBytes(StandardCharsets.UTF_8));
    String encoded = new String(bytes, StandardCharsets.US_ASCII);

    byte[] read =
        MimeUtility.decode(new ByteArrayInputStream(bytes), "quoted-printable").readAllBytes();
    assertThat(new String(read, StandardCharsets.UTF_8)).isEqualTo(text);
    assertThat(encoded.split("\r\n")).allMatch(line -> line.length() <= 76 && !line.endsWith(" "));
    assertThat(encoded.replace("\r\n", "")).matches("[ -~]*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"one\ntwo", "one\r\ntwo", "one\ntwo\n", "one\r\ntwo\r\n"})
  void linesEndAsInMailWhateverTheTemplatesAre(String text) {
    String mail = new String(MimeParts.alternative("=_b", text, text), StandardCharsets.US_ASCII);

    assertThat(mail).contains("\r\n\r\none\r\ntwo\r\n--=_b");
  }
}
