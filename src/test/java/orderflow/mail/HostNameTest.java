package orderflow.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNameTest {

  @ParameterizedTest
  @CsvSource({
    "shop.example.com, true",
    "shop-1.example, true",
    "shop, false",
    "localhost, false",
    "localhost.localdomain, false",
    "192.0.2.7, false",
    "shop.example., false"
  })
  void aFullNameHasADomain(String name, boolean isFull) {
    assertThat(HostName.isFull(name)).isEqualTo(isFull);
  }

  @Test
  void anAddressIsGivenAsALiteral() throws UnknownHostException {
    assertThat(HostName.literal(InetAddress.getByName("192.0.2.7"))).isEqualTo("[192.0.2.7]");
    assertThat(HostName.literal(InetAddress.getByName("2001:db8::1")))
        .isEqualTo("[IPv6:2001:db8:0:0:0:0:0:1]");
  }

  @Test
  void aHostGivesTheNameThatIsSetElseItsOwn() {
    assertThat(greeting("mail.shop.example")).isEqualTo("mail.shop.example");
    assertThat(greeting("")).containsPattern("^[A-Za-z0-9-]+\\..*[A-Za-z]|^\\[.+]$");
  }

  private static String greeting(String set) {
    return new SmtpSettings(
            "127.0.0.1",
            25,
            "",
            "",
            SmtpSettings.Security.NONE,
            set,
            "",
            Duration.ofSeconds(2),
            Duration.ofSeconds(5))
        .properties()
        .getProperty("mail.smtp.localhost");
  }
}
