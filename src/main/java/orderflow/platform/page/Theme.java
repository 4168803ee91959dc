package orderflow.platform.page;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.springframework.http.ResponseCookie;
import org.springframework.web.util.WebUtils;

/** The colours of pages. The choice is a cookie, so that a page has its colours from the start. */
public enum Theme {
  /** As the browser says. */
  AUTO,
  LIGHT,
  DARK;

  private static final String COOKIE = "orderflow-theme";

  static Theme of(HttpServletRequest request) {
    Cookie cookie = WebUtils.getCookie(request, COOKIE);
    return of(cookie == null ? "" : cookie.getValue());
  }

  /** The theme of a name; AUTO for a name that none has. */
  public static Theme of(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst().orElse(AUTO);
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The cookie that keeps the choice. */
  public ResponseCookie cookie(boolean secure) {
    return ResponseCookie.from(COOKIE, word())
        .path("/")
        .httpOnly(true)
        .secure(secure)
        .sameSite("Lax")
        .maxAge(Duration.ofDays(365))
        .build();
  }
}
