package orderflow.order;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@b",
        "minji@example.com",
        "o'hara+tag@sub.example.co.kr",
        "a.b.c@x-y.z",
        "\"a@b\"@example.com",
        "a@[192.168.0.1]",
        "a@[IPv6:2001:db8::1]",
        "!#$%&'*+/=?^_`{|}~-@example.com"
      })
  void knowsAMailbox(String text) {
    assertThat(MailAddress.isValid(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "a@",
        "@b",
        "a@b@c",
        "a b@c",
        ".a@b",
        "a.@b",
        "a..b@c",
        "a@-b",
        "a@b-",
        "a@b..c",
        "a@b.",
        "a@[1.2.3]",
        "a@[999.1.1.1]",
        "a@[IPv6::::::]",
        "a@[IPv6:1.2.3.4]",
        "김@example.com",
        "a@예.com",
        "a@b,c@d",
        "a@b\r\nc",
        "<a@b>",
        "a\0@b"
      })
  void knowsWhatIsNone(String text) {
    assertThat(MailAddress.isValid(text)).isFalse();
  }

  @Test
  void allows254CharactersAnd64BeforeTheAt() {
    String domain = "a.".repeat(94) + "a";
    assertThat(MailAddress.isValid("x".repeat(64) + "@" + domain)).isTrue();
    assertThat(MailAddress.isValid("x".repeat(64) + "@" + domain + "a")).isFalse();
    assertThat(MailAddress.isValid("x".repeat(65) + "@b")).isFalse();
  }
}
