package orderflow.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import orderflow.platform.http.ProblemWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

@ImportAutoConfiguration(JacksonAutoConfiguration.class)
@SpringBootTest(classes = ProblemWriter.class, webEnvironment = WebEnvironment.NONE)
class WrongKeysTest {

  private static final String RIGHT = "the-right-key-of-this-test";

  @Autowired ProblemWriter problems;
  private AccessFilter filter;

  @BeforeEach
  void allowTwo() {
    var keys =
        new Authenticator(ApiKey.ofOperator(RIGHT), new KeysFile(Path.of("no-such-file")), null);
    var failures = new FailedLogins(2, System::nanoTime);
    filter =
        new AccessFilter(
            keys, failures, new Calls(), new Sessions(keys, failures, Clock.systemUTC()), problems);
  }

  @Test
  void tooManyOfThemAreAskedToWaitAndARightOneIsNot() throws Exception {
    assertThat(send("192.0.2.1", "wrong").getStatus()).isEqualTo(401);
    assertThat(send("192.0.2.1", "wrong").getStatus()).isEqualTo(401);
    MockHttpServletResponse refused = send("192.0.2.1", "wrong");
    assertThat(refused.getStatus()).isEqualTo(429);
    assertThat(refused.getContentAsString()).contains("/problems/too-many-wrong-keys");
    assertThat(Integer.parseInt(refused.getHeader("Retry-After"))).isBetween(1, 60);

    assertThat(send("192.0.2.1", RIGHT).getStatus()).isEqualTo(200);
    assertThat(send("192.0.2.2", "wrong").getStatus()).isEqualTo(401);
    assertThat(send("192.0.2.1", null).getStatus()).as("no key is no guess").isEqualTo(401);
  }

  private MockHttpServletResponse send(String address, String key) throws Exception {
    MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/orders");
    request.setRemoteAddr(address);
    if (key != null) {
      request.addHeader("Authorization", "Bearer " + key);
    }
    MockHttpServletResponse response = new MockHttpServletResponse();
    filter.doFilter(request, response, new MockFilterChain());
    return response;
  }
}
