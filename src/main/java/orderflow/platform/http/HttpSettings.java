package orderflow.platform.http;

import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How long a request may take to arrive, and from which pages it may come.
 *
 * @param headerTimeout for its headers, in all
 * @param bodyTimeout for its body
 * @param allowedOrigins whose pages may make calls, separated by commas; empty for none
 */
@Validated
@ConfigurationProperties("orderflow.http")
record HttpSettings(
    @DurationMin(millis = 1) Duration headerTimeout,
    @DurationMin(millis = 1) Duration bodyTimeout,
    @Pattern(
            regexp = "\\s*|\\s*" + ORIGIN + "(\\s*,\\s*" + ORIGIN + ")*\\s*",
            message = "must be origins such as https://shop.example, separated by commas")
        String allowedOrigins) {

  private static final String ORIGIN = "(\\*|https?://[^/\\s,]+)";

  List<String> origins() {
    return Stream.of(allowedOrigins.split(","))
        .map(String::strip)
        .filter(o -> !o.isEmpty())
        .toList();
  }
}
