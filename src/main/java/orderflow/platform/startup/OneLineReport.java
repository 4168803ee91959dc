package orderflow.platform.startup;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Reports an operator's mistake in one line; what nobody foresaw keeps its stack trace. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class OneLineReport implements SpringBootExceptionReporter {

  private static final Logger log = LoggerFactory.getLogger(OneLineReport.class);

  @Override
  public boolean reportException(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String line = line(cause);
      if (line != null) {
        log.error("Orderflow cannot start: {}", line);
        return true;
      }
    }
    return false;
  }

  private static @Nullable String line(Throwable failure) {
    if (failure instanceof StartupException) {
      return failure.getMessage();
    }
    if (failure instanceof PortInUseException taken) {
      return "HTTP port " + taken.getPort() + " is taken: set SERVER_PORT to another one";
    }
    if (failure instanceof BindException wrong) {
      ConfigurationProperty property = wrong.getProperty();
      return "the setting "
          + (property == null ? wrong.getName() : property.getName())
          + " is wrong: "
          + NestedExceptionUtils.getMostSpecificCause(wrong).getMessage();
    }
    return null;
  }
}
