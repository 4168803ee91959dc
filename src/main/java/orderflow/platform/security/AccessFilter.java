package orderflow.platform.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import orderflow.platform.http.ProblemWriter;
import orderflow.platform.http.RequestBody;
import orderflow.platform.http.UnreadBody;
import orderflow.platform.security.FailedLogins.Quota;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses requests below {@code /api} without a key or token, also for paths that do not exist, and
 * requests for local pages that come neither from this machine nor from an operator. It finds the
 * session of a request for the console. It decides by the headers, before any of the body is read.
 */
class AccessFilter extends OncePerRequestFilter {

  /** Files of any size, which the call reads as they arrive. */
  private static final String STREAMED = "/api/inbox/";

  private final Authenticator callers;
  private final FailedLogins failures;
  private final Calls calls;
  private final Sessions sessions;
  private final ProblemWriter problems;

  AccessFilter(
      Authenticator callers,
      FailedLogins failures,
      Calls calls,
      Sessions sessions,
      ProblemWriter problems) {
    this.callers = callers;
    this.failures = failures;
    this.calls = calls;
    this.sessions = sessions;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      AccessZone area = AccessZone.of(request);
      if (area == AccessZone.API) {
        admit(request);
      } else if (area == AccessZone.CONSOLE) {
        open(request);
      } else if (area == AccessZone.HERE
          && !LoopbackRequest.sent(request)
          && !caller(request).may(Role.OPERATOR)) {
        throw new ProblemException(ProblemType.FORBIDDEN);
      }
    } catch (ProblemException e) {
      problems.answer(e, response);
      if (UnreadBody.isAnnounced(request)) {
        UnreadBody.passOver(request, response);
      }
      return;
    }
    chain.doFilter(request, response);
  }

  private void admit(HttpServletRequest request) {
    Principal caller = caller(request);
    caller.enter(request);
    if (UnreadBody.isAnnounced(request)) {
      List<Role> needed = calls.neededFor(request.getMethod(), request.getRequestURI());
      if (needed != null) {
        caller.need(needed);
        if (request.getRequestURI().startsWith(STREAMED)) {
          RequestBody.leaveToCall(request);
        } else {
          RequestBody.awaitFor(request);
        }
      }
    }
  }

  /**
   * The pages themselves ask for the login: only they can bring a person back to the page, with
   * what was typed. A key in the header, which no other site can make a browser send, does as well.
   */
  private void open(HttpServletRequest request) {
    Optional<Session> session = sessions.find(request);
    if (session.isEmpty() && request.getHeader(HttpHeaders.AUTHORIZATION) != null) {
      session = Optional.of(Session.ofHeader(caller(request)));
    }
    session.ifPresent(found -> found.enter(request));
    String type = request.getContentType();
    if (type == null) {
      return;
    }
    if (type.startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE)) {
      RequestBody.awaitFor(request);
    } else if (type.startsWith(MediaType.MULTIPART_FORM_DATA_VALUE) && session.isPresent()) {
      RequestBody.leaveToCall(request);
    }
  }

  private Principal caller(HttpServletRequest request) {
    Optional<String> credential =
        Authenticator.bearer(request.getHeader(HttpHeaders.AUTHORIZATION));
    if (credential.isEmpty()) {
      throw unauthorized("Bearer");
    }
    return callers.find(credential.get()).orElseThrow(() -> wrong(request));
  }

  private ProblemException wrong(HttpServletRequest request) {
    Quota quota = failures.note(request.getRemoteAddr());
    ProblemException problem =
        quota.isExceeded()
            ? new ProblemException(ProblemType.TOO_MANY_WRONG_KEYS)
                .withHeader(HttpHeaders.RETRY_AFTER, Long.toString(quota.seconds()))
            : unauthorized("Bearer error=\"invalid_token\"");
    return problem
        .withHeader("RateLimit-Policy", "\"wrong-keys\";q=" + quota.limit() + ";w=60")
        .withHeader(
            "RateLimit",
            "\"wrong-keys\";r=" + Math.max(0, quota.remaining()) + ";t=" + quota.seconds());
  }

  private static ProblemException unauthorized(String challenge) {
    return new ProblemException(ProblemType.UNAUTHORIZED)
        .withHeader(HttpHeaders.WWW_AUTHENTICATE, challenge);
  }
}
