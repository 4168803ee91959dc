package orderflow.platform.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import orderflow.platform.json.ValidationException;
import orderflow.platform.json.Violation;
import orderflow.platform.retry.FailureClassifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.util.StringUtils;
import org.springframework.web.ErrorResponse;
import org.springframework.web.util.DisconnectedClientHelper;

/** Maps exceptions to problems. */
final class ProblemMapper {

  private static final Logger log = LoggerFactory.getLogger(ProblemMapper.class);

  /** Random, so that clients refused together do not return together. */
  private static final int LONGEST_RETRY_AFTER_SECONDS = 4;

  private static final int MOST_FAULTS = 100;

  private ProblemMapper() {}

  static ProblemException of(Throwable failure) {
    if (failure instanceof ProblemException problem) {
      return retryable(problem);
    }
    if (failure instanceof InvalidCursor cursor) {
      return new ProblemException(
          ProblemType.MALFORMED_REQUEST, String.valueOf(cursor.getMessage()));
    }
    if (failure instanceof ValidationException invalid) {
      return invalid(invalid.faults());
    }
    if (failure instanceof StreamConstraintsException) {
      return invalid(
          List.of(
              new Violation(
                  "",
                  "must not be nested so deeply, nor hold so many values, so long or large a number"
                      + " or so long a name")));
    }
    if (failure instanceof JacksonException unreadable) {
      return new ProblemException(
          ProblemType.MALFORMED_REQUEST,
          "The body is not JSON, or names a field twice" + place(unreadable) + ".");
    }
    if (failure instanceof ErrorResponse answer) {
      return ofSpring(answer);
    }
    if (FailureClassifier.isTransient(failure)) {
      return retryable(new ProblemException(ProblemType.UNAVAILABLE));
    }
    if (!DisconnectedClientHelper.isClientDisconnectedException(failure)) {
      log.error("A request failed", failure);
    }
    return new ProblemException(ProblemType.INTERNAL);
  }

  private static ProblemException invalid(List<Violation> faults) {
    String detail =
        faults.size() == 1
            ? "There is a fault in the body."
            : faults.size() <= MOST_FAULTS
                ? "There are " + faults.size() + " faults in the body."
                : "There are more than "
                    + MOST_FAULTS
                    + " faults in the body; the first ones are listed.";
    List<Violation> listed = faults.subList(0, Math.min(faults.size(), MOST_FAULTS));
    return new ProblemException(ProblemType.INVALID_BODY, detail, Map.of("errors", listed));
  }

  private static String place(JacksonException e) {
    return e.getLocation() == null
        ? ""
        : ": see line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
  }

  private static ProblemException ofSpring(ErrorResponse answer) {
    var problem = new ProblemException(ProblemType.ofStatus(answer.getStatusCode().value()));
    Set<HttpMethod> known = answer.getHeaders().getAllow();
    return known.isEmpty() ? problem : problem.withHeader(HttpHeaders.ALLOW, allow(known));
  }

  /** Adds the methods that Spring answers everywhere but does not list. */
  private static String allow(Set<HttpMethod> known) {
    Set<HttpMethod> all = new TreeSet<>(known);
    all.add(HttpMethod.OPTIONS);
    if (known.contains(HttpMethod.GET)) {
      all.add(HttpMethod.HEAD);
    }
    return StringUtils.collectionToDelimitedString(all, ", ");
  }

  private static ProblemException retryable(ProblemException problem) {
    return problem.type().status() == 503
        ? problem.withHeader(HttpHeaders.RETRY_AFTER, String.valueOf(retryAfterSeconds()))
        : problem;
  }

  private static int retryAfterSeconds() {
    return 1 + ThreadLocalRandom.current().nextInt(LONGEST_RETRY_AFTER_SECONDS);
  }
}
