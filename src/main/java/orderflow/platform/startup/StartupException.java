package orderflow.platform.startup;

import java.util.List;
import org.springframework.boot.ExitCodeGenerator;

/** The start stops here: each line of the message says what is wrong and what to change. */
public class StartupException extends RuntimeException implements ExitCodeGenerator {

  public StartupException(String message) {
    super(message);
  }

  public StartupException(String message, Throwable cause) {
    super(message, cause);
  }

  StartupException(List<String> lines) {
    super(String.join("\n", lines));
  }

  @Override
  public int getExitCode() {
    return 1;
  }
}
