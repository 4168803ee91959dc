package orderflow.platform.camel;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** Evaluates weights of 0 in Accept, which Spring MVC ignores; it has checked everything else. */
final class AcceptHeader {

  private AcceptHeader() {}

  /** Whether the most specific range that fits JSON allows it (RFC 9110, section 12.5.1). */
  static boolean ofJson(HttpServletRequest request) {
    List<String> accept = Collections.list(request.getHeaders(HttpHeaders.ACCEPT));
    return accept.stream().noneMatch(ranges -> ranges.contains(";"))
        || MediaType.parseMediaTypes(accept).stream()
            .filter(range -> range.includes(MediaType.APPLICATION_JSON))
            .max(Comparator.comparingInt(AcceptHeader::precision))
            .filter(range -> range.getQualityValue() == 0)
            .isEmpty();
  }

  private static int precision(MediaType range) {
    return range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
  }
}
