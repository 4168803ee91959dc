package orderflow.starting;

import org.jspecify.annotations.Nullable;

/** The start stops here: the message says in one line what is wrong and what to change. */
public class StartRefused extends RuntimeException {

  public StartRefused(String message) {
    super(message);
  }

  public StartRefused(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
