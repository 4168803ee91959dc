package orderflow.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import orderflow.platform.http.ProblemWriter;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.annotation.DirtiesContext;

@DirtiesContext
@ImportAutoConfiguration(JacksonAutoConfiguration.class)
@Import(ProblemWriter.class)
@SpringBootTest(classes = ReadyFilter.class, webEnvironment = WebEnvironment.NONE)
class ReadyFilterTest {

  @Autowired ReadyFilter filter;

  @Test
  void letsTheInterfacePassOnlyBetweenStartAndStop() throws Exception {
    assertThat(status("/api/orders")).isEqualTo(200);

    filter.close();
    assertThat(answer("/api/orders").getHeader("Retry-After")).matches("[1-4]");
    assertThat(answer("/api/orders").getContentAsString()).contains("/problems/not-ready");
    assertThat(status("/%61pi/orders")).isEqualTo(503);
    assertThat(status("/liveness")).isEqualTo(200);
  }

  private int status(String path) throws Exception {
    return answer(path).getStatus();
  }

  private MockHttpServletResponse answer(String path) throws Exception {
    MockHttpServletResponse response = new MockHttpServletResponse();
    filter.doFilter(new MockHttpServletRequest("GET", path), response, new MockFilterChain());
    return response;
  }
}
