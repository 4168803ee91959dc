package orderflow.platform.startup;

import org.springframework.boot.ExitCodeGenerator;

/** The start stops here: the message says in one line what is wrong and what to change. */
public class StartupException extends RuntimeException implements ExitCodeGenerator {

  public StartupException(String message) {
    super(message);
  }

  public StartupException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public int getExitCode() {
    return 1;
  }
}
