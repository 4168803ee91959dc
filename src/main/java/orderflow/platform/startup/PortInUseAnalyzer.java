package orderflow.platform.startup;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** The HTTP port was free when {@link SettingsCheck} tried it, and is taken now. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class PortInUseAnalyzer extends AbstractFailureAnalyzer<PortInUseException> {

  @Override
  protected FailureAnalysis analyze(Throwable root, PortInUseException taken) {
    return new FailureAnalysis(
        "HTTP port " + taken.getPort() + " is taken: set SERVER_PORT to another one", null, root);
  }
}
