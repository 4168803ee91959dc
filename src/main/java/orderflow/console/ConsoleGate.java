package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import orderflow.platform.security.Session;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Stands before every page below {@code /console} but the login: who is not logged in is led there,
 * and what is sent must come from a form of ours.
 */
@Component
class ConsoleGate implements HandlerInterceptor, WebMvcConfigurer {

  private final LoginPages login;

  ConsoleGate(LoginPages login) {
    this.login = login;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry
        .addInterceptor(this)
        .addPathPatterns("/console", "/console/**")
        .excludePathPatterns("/console/login");
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws IOException {
    boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    Session session = Session.of(request);
    if (session == null) {
      write(reads ? login.leadIn(request) : login.keep(request), response);
      return false;
    }
    if (!reads && !isFromOurForm(request, session)) {
      write(login.confirm(request, session), response);
      return false;
    }
    return true;
  }

  /**
   * Browsers say where a request comes from; the token is what older ones are known by. It stands
   * in the address of a form with a file, which is not read before.
   */
  private static boolean isFromOurForm(HttpServletRequest request, Session session) {
    String type = request.getContentType();
    String query = request.getParameter("csrf");
    String token =
        type != null && type.startsWith(MediaType.MULTIPART_FORM_DATA_VALUE)
            ? query == null ? "" : query
            : Form.of(request).get("csrf");
    return !LoginPages.isFromElsewhere(request)
        && (session.csrf().isEmpty()
            || MessageDigest.isEqual(
                session.csrf().getBytes(StandardCharsets.UTF_8),
                token.getBytes(StandardCharsets.UTF_8)));
  }

  private static void write(ResponseEntity<String> page, HttpServletResponse response)
      throws IOException {
    response.setStatus(page.getStatusCode().value());
    page.getHeaders()
        .forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
    String body = page.getBody();
    if (body != null) {
      response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    }
  }
}
