package orderflow.platform.startup;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/**
 * Logs why the start failed, a line for each fault. Spring Boot's own reporter, which takes ten, is
 * switched off in application.yml.
 */
class OneLineReporter implements FailureAnalysisReporter {

  private static final Logger log = LoggerFactory.getLogger(OneLineReporter.class);

  @Override
  public void report(FailureAnalysis analysis) {
    analysis
        .getDescription()
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> log.error("Orderflow cannot start: {}", line));
  }
}
