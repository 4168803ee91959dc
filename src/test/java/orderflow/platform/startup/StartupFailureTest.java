package orderflow.platform.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class StartupFailureTest {

  @Test
  void aRefusalIsOneErrorLineHoweverDeepItLies(CapturedOutput output) {
    fail(
        context -> {
          throw new IllegalStateException(new StartupException("set X to Y"));
        });
    assertThat(errors(output)).containsExactly("Orderflow cannot start: set X to Y");
    assertThat(output).doesNotContain("\tat ", "Exception", "APPLICATION FAILED TO START");
  }

  @Test
  void eachFaultHasALineOfItsOwn(CapturedOutput output) {
    fail(
        context -> {
          throw new StartupException(List.of("set X to Y", "set A to B"));
        });
    assertThat(errors(output))
        .containsExactly(
            "Orderflow cannot start: set X to Y", "Orderflow cannot start: set A to B");
  }

  @Test
  void aPortTakenInTheLastMomentIsOneLine(CapturedOutput output) {
    fail(
        context -> {
          throw new PortInUseException(8080);
        });
    assertThat(errors(output))
        .containsExactly(
            "Orderflow cannot start: HTTP port 8080 is taken: set SERVER_PORT to another one");
  }

  @Test
  void aLibrarysSettingThatDoesNotFitIsOneLineThatNamesIt(CapturedOutput output) {
    fail(
        context ->
            Binder.get(context.getEnvironment()).bind("server.tomcat.threads.max", Integer.class),
        "--server.tomcat.threads.max=many");
    assertThat(errors(output))
        .containsExactly(
            "Orderflow cannot start: server.tomcat.threads.max must be a whole number, not 'many'");
  }

  @Test
  void aBugKeepsItsStackTrace(CapturedOutput output) {
    fail(
        context -> {
          throw new IllegalStateException("a bug");
        });
    assertThat(output).contains("IllegalStateException: a bug", "\tat ");
  }

  private static void fail(
      ApplicationContextInitializer<ConfigurableApplicationContext> failing, String... arguments) {
    assertThatThrownBy(
            () ->
                new SpringApplicationBuilder(StartupFailureTest.class)
                    .web(WebApplicationType.NONE)
                    .initializers(failing)
                    .run(arguments))
        .isNotNull();
  }

  private static List<String> errors(CapturedOutput output) {
    return output
        .toString()
        .lines()
        .filter(line -> line.contains("ERROR") && line.contains("Orderflow cannot start"))
        .map(line -> line.substring(line.indexOf("Orderflow")))
        .toList();
  }
}
