package orderflow.platform.http;

import java.util.Map;

/** A request that is refused for a reason its sender is to be told. */
public class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  /** A refusal that the type's own words say enough of. */
  public ProblemException(ProblemType type) {
    this(type, type.meaning());
  }

  /**
   * @param detail a sentence for the sender; no secrets, and nothing personal
   */
  public ProblemException(ProblemType type, String detail) {
    this(type, detail, Map.of());
  }

  /**
   * @param extensions members of the answer beyond the standard's own
   */
  public ProblemException(ProblemType type, String detail, Map<String, Object> extensions) {
    this(new Problem(type, detail, extensions, Map.of()));
  }

  private ProblemException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** The same, answered with this header. */
  public ProblemException withHeader(String name, String value) {
    return new ProblemException(problem.withHeader(name, value));
  }

  public Problem problem() {
    return problem;
  }
}
