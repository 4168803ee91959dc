package orderflow.order;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        "a@-b",
        "a@b-",
        "a@b..c",
        "a@b.",
        "a@[1.2.3]",
        "a@[999.1.1.1]",
        "a@[IPv6::::::]",
        "a@[IPv6:1.2.3.4]",
        "김@example.com",
        "a@b,c@d",
        "a@b\r\nc",
        "<a@b>",
        "a\0@b"
      })
  void knowsWhatIsNone(String text) {
    assertThat(MailAddress.isValid(text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "jane@bücher.example, jane@xn--bcher-kva.example",
    "jane@BÜCHER.example, jane@xn--bcher-kva.example",
    "a@straße.de, a@xn--strae-oqa.de",
    "a@예.com, a@xn--2j5b.com",
    "a@例え。テスト, a@xn--r8jz45g.xn--zckzah",
    "a@президент.рф, a@xn--d1abbgf6aiiy.xn--p1ai",
    "a@xn--bcher-kva.example, a@xn--bcher-kva.example",
    "abc..def.@docomo.ne.jp, abc..def.@docomo.ne.jp"
  })
  void readsDomainsInTheirAsciiForm(String text, String mailbox) {
    assertThat(MailAddress.read(text)).isEqualTo(mailbox);
  }

  @ParameterizedTest
  @CsvSource({
    "abc..def.@docomo.ne.jp, '\"abc..def.\"@docomo.ne.jp'",
    "a.b@c, a.b@c",
    "'\"a b\"@c', '\"a b\"@c'"
  })
  void quotesDotsThatTheRfcDoesNotHave(String mailbox, String quoted) {
    assertThat(MailAddress.quoted(mailbox)).isEqualTo(quoted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a@-bücher.de", "a@b ü.de", "a@ü..de", "a@\u0301ü.de", "a@ü\u202Eb.de"})
  void knowsNoMailboxAtWhatIsNoDomain(String text) {
    assertThat(MailAddress.read(text)).isNull();
  }

  @Test
  void allows254CharactersAnd64BeforeTheAt() {
    String domain = "a.".repeat(94) + "a";
    assertThat(MailAddress.isValid("x".repeat(64) + "@" + domain)).isTrue();
    assertThat(MailAddress.isValid("x".repeat(64) + "@" + domain + "a")).isFalse();
    assertThat(MailAddress.isValid("x".repeat(65) + "@b")).isFalse();
  }
}
