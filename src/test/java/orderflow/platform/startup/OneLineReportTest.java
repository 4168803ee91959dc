package orderflow.platform.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.PortInUseException;

@ExtendWith(OutputCaptureExtension.class)
class OneLineReportTest {

  private final OneLineReport report = new OneLineReport();

  @Test
  void aRefusalIsOneErrorLineHoweverDeepItLies(CapturedOutput output) {
    assertThat(
            report.reportException(new IllegalStateException(new StartupException("set X to Y"))))
        .isTrue();
    assertThat(output.toString())
        .contains("ERROR")
        .endsWith("Orderflow cannot start: set X to Y\n");
    assertThat(output.toString().lines()).hasSize(1);
  }

  @Test
  void aPortTakenInTheLastMomentIsOneLine(CapturedOutput output) {
    assertThat(report.reportException(new PortInUseException(8080))).isTrue();
    assertThat(output.toString()).contains("HTTP port 8080 is taken: set SERVER_PORT");
  }

  @Test
  void aSettingThatDoesNotFitIsNamed(CapturedOutput output) {
    var binder =
        new Binder(new MapConfigurationPropertySource(Map.of("orderflow.some.size", "many")));
    try {
      binder.bind("orderflow.some.size", Bindable.of(Integer.class));
    } catch (RuntimeException e) {
      assertThat(report.reportException(e)).isTrue();
    }
    assertThat(output.toString())
        .contains("the setting orderflow.some.size is wrong")
        .contains("many");
  }

  @Test
  void whatNobodyForesawKeepsItsStackTrace() {
    assertThat(report.reportException(new IllegalStateException("a bug"))).isFalse();
  }
}
