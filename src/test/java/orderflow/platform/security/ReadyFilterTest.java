package orderflow.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import orderflow.platform.http.ProblemWriter;
import orderflow.platform.role.InstanceRole;
import orderflow.platform.role.InstanceRoles;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
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
@EnableConfigurationProperties(InstanceRoles.class)
@SpringBootTest(classes = ReadyFilter.class, webEnvironment = WebEnvironment.NONE)
class ReadyFilterTest {

  @Autowired ReadyFilter filter;
  @Autowired ProblemWriter problems;

  @Test
  void letsTheInterfacePassOnlyBetweenStartAndStop() throws Exception {
    assertThat(status("/api/orders")).isEqualTo(200);

    filter.close();
    assertThat(answer("/api/orders").getHeader("Retry-After")).matches("[1-4]");
    assertThat(answer("/api/orders").getContentAsString()).contains("/problems/not-ready");
    assertThat(status("/%61pi/orders")).isEqualTo(503);
    assertThat(status("/liveness")).isEqualTo(200);
  }

  @Test
  void anInstanceWithoutTheRoleNamesTheSettingAndStaysReady() throws Exception {
    ReadyFilter worker =
        new ReadyFilter(problems, new InstanceRoles(Set.of(InstanceRole.CONSUMERS)));
    worker.open();

    MockHttpServletResponse answer = answer(worker, "/api/orders");
    assertThat(answer.getStatus()).isEqualTo(503);
    assertThat(answer.getContentAsString())
        .contains("/problems/not-ready")
        .contains("orderflow.roles has no http");
    assertThat(answer(worker, "/readiness").getStatus()).isEqualTo(200);
  }

  private int status(String path) throws Exception {
    return answer(path).getStatus();
  }

  private MockHttpServletResponse answer(String path) throws Exception {
    return answer(filter, path);
  }

  private static MockHttpServletResponse answer(ReadyFilter filter, String path) throws Exception {
    MockHttpServletResponse response = new MockHttpServletResponse();
    filter.doFilter(new MockHttpServletRequest("GET", path), response, new MockFilterChain());
    return response;
  }
}
