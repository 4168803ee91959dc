package orderflow.platform.startup;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** A wrong setting of a library, such as {@code server.tomcat.threads.max}. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class WrongSettingAnalyzer extends AbstractFailureAnalyzer<BindException> {

  private final Environment environment;

  WrongSettingAnalyzer(Environment environment) {
    this.environment = environment;
  }

  @Override
  protected FailureAnalysis analyze(Throwable root, BindException wrong) {
    var faults = new SettingFaults(environment);
    faults.add(wrong);
    return new FailureAnalysis(String.join("\n", faults.lines()), null, root);
  }
}
