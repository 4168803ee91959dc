package orderflow.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;

/**
 * Lets pages of other origins make calls. Browsers ask first (a preflight), without a key, so this
 * comes before the access filter.
 */
@Configuration(proxyBeanMethods = false)
class CrossOrigin {

  private static final List<String> EXPOSED =
      List.of(
          "Location",
          "Idempotent-Replayed",
          "ETag",
          RequestId.HEADER,
          "Retry-After",
          "RateLimit",
          "RateLimit-Policy",
          "WWW-Authenticate");

  @Bean
  FilterRegistrationBean<CorsFilter> crossOriginFilter(
      HttpSettings settings, ProblemWriter problems) {
    CorsConfiguration allowed = new CorsConfiguration();
    allowed.setAllowedOrigins(settings.origins());
    allowed.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
    allowed.setAllowedHeaders(List.of(CorsConfiguration.ALL));
    allowed.setExposedHeaders(EXPOSED);
    allowed.setMaxAge(Duration.ofHours(1));
    var source = new UrlBasedCorsConfigurationSource();
    source.registerCorsConfiguration("/api/**", allowed);
    CorsFilter filter = new CorsFilter(source);
    filter.setCorsProcessor(new Processor(problems));
    var registration = new FilterRegistrationBean<>(filter);
    registration.setEnabled(!settings.origins().isEmpty());
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return registration;
  }

  /** Refuses preflights alone: a browser itself keeps the answer to any other call from a page. */
  private static final class Processor extends DefaultCorsProcessor {

    private final ProblemWriter problems;

    Processor(ProblemWriter problems) {
      this.problems = problems;
    }

    @Override
    public boolean processRequest(
        @Nullable CorsConfiguration allowed,
        HttpServletRequest request,
        HttpServletResponse response)
        throws IOException {
      if (super.processRequest(allowed, request, response)) {
        return true;
      }
      if (CorsUtils.isPreFlightRequest(request)) {
        problems.answer(
            new ProblemException(
                ProblemType.FORBIDDEN, "Pages of this origin must not make this call."),
            response);
        return false;
      }
      return true;
    }

    @Override
    protected void rejectRequest(ServerHttpResponse response) {
      // the caller decides
    }
  }
}
