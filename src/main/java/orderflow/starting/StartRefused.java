package orderflow.starting;

import org.springframework.boot.ExitCodeGenerator;

/** The start stops here: the message says in one line what is wrong and what to change. */
public class StartRefused extends RuntimeException implements ExitCodeGenerator {

  public StartRefused(String message) {
    super(message);
  }

  public StartRefused(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public int getExitCode() {
    return 1;
  }
}
