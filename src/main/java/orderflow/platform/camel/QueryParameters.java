package orderflow.platform.camel;

import jakarta.servlet.http.HttpServletRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import orderflow.platform.json.TextRule;
import org.jspecify.annotations.Nullable;

/** The parameters of a query. An invalid value is refused under the parameter's name. */
public final class QueryParameters {

  private static final int LARGEST_PAGE = 200;
  private static final int PAGE = 50;
  private static final String PARSE_FAILED = "org.apache.catalina.parameter_parse_failed";

  private final Map<String, String[]> values;

  QueryParameters(HttpServletRequest request, List<String> known) {
    values = request.getParameterMap();
    if (request.getAttribute(PARSE_FAILED) != null) {
      throw refused("The query is not percent-encoded correctly.");
    }
    values.forEach(
        (name, given) -> {
          if (!known.contains(name)) {
            throw refused(
                known.isEmpty()
                    ? "The query must be empty."
                    : "The query has an unknown parameter; it may have "
                        + String.join(", ", known)
                        + ".");
          }
          if (given.length > 1) {
            throw refused(name + " is given more than once.");
          }
        });
  }

  public @Nullable String text(String name, TextRule rule) {
    String value = value(name);
    if (value != null && !rule.allows(value)) {
      throw refused(name + " " + rule.words() + ".");
    }
    return value;
  }

  /** A time in ISO 8601, whose years have four digits, with its offset from UTC. */
  public @Nullable Instant time(String name) {
    String value = value(name);
    try {
      if (value == null) {
        return null;
      }
      if (value.matches("[0-9]{4}-.*")) {
        return OffsetDateTime.parse(value).toInstant();
      }
    } catch (DateTimeException e) {
      // refused below, like any other form
    }
    throw refused(name + " must be a time such as 2026-11-22T05:00:00Z (write + as %2B).");
  }

  public @Nullable String oneOf(String name, String... choices) {
    String value = value(name);
    if (value != null && !Arrays.asList(choices).contains(value)) {
      throw refused(name + " must be one of " + String.join(", ", choices) + ".");
    }
    return value;
  }

  public <E extends Enum<E>> @Nullable E oneOf(String name, Class<E> choices) {
    String value =
        oneOf(
            name, Arrays.stream(choices.getEnumConstants()).map(Enum::name).toArray(String[]::new));
    return value == null ? null : Enum.valueOf(choices, value);
  }

  public String requiredOneOf(String name, String... choices) {
    String value = oneOf(name, choices);
    if (value == null) {
      throw refused(name + " is required.");
    }
    return value;
  }

  /** A whole number from 1 to a bound; null if it is not given. */
  public @Nullable Integer number(String name, int most) {
    String value = value(name);
    if (value == null) {
      return null;
    }
    if (value.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(value);
      if (number >= 1 && number <= most) {
        return number;
      }
    }
    throw refused(name + " must be a whole number from 1 to " + most + ".");
  }

  /** The number of entries of a page. */
  public int limit() {
    Integer limit = number("limit", LARGEST_PAGE);
    return limit == null ? PAGE : limit;
  }

  /** The value of `next` of the page before. */
  public @Nullable String cursor() {
    return value("cursor");
  }

  private @Nullable String value(String name) {
    String[] given = values.get(name);
    return given == null ? null : given[0];
  }

  private static ProblemException refused(String detail) {
    return new ProblemException(ProblemType.MALFORMED_REQUEST, detail);
  }
}
