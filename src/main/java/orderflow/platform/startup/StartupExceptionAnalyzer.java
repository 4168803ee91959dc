package orderflow.platform.startup;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** A start that Orderflow itself refused. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class StartupExceptionAnalyzer extends AbstractFailureAnalyzer<StartupException> {

  @Override
  protected FailureAnalysis analyze(Throwable root, StartupException refused) {
    return new FailureAnalysis(refused.getMessage(), null, root);
  }
}
