package orderflow.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.catalina.connector.ClientAbortException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

@ExtendWith(OutputCaptureExtension.class)
class ProblemMapperTest {

  @Test
  void aClientThatHangsUpIsNoErrorOfOurs(CapturedOutput log) {
    IOException hungUp = new ClientAbortException(new IOException("Broken pipe"));

    ProblemMapper.of(new AsyncRequestNotUsableException("flush failed", hungUp));
    ProblemMapper.of(new IllegalStateException("a fault of ours"));

    assertThat(log)
        .doesNotContain("Broken pipe")
        .containsOnlyOnce("A request failed")
        .contains("a fault of ours");
  }
}
