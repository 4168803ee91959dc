package orderflow.platform.security;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * Accepts access tokens only (RFC 9068). An ID token describes a login to a client that often has
 * the same audience, and every user has one.
 */
final class AccessTokenRule implements OAuth2TokenValidator<Jwt> {

  private static final Set<String> ACCESS_TYPES = Set.of("at+jwt", "application/at+jwt");

  /** Some servers give access tokens no type of their own. */
  private static final String PLAIN_TYPE = "jwt";

  private static final List<String> OF_ID_TOKENS = List.of("at_hash", "c_hash");
  private static final List<String> OF_ACCESS_TOKENS =
      List.of("scope", "scp", "client_id", "roles");

  /** RFC 7800: mutual TLS and DPoP. */
  private static final String BOUND = "cnf";

  private static final Duration SKEW = Duration.ofMinutes(1);

  @Override
  public OAuth2TokenValidatorResult validate(Jwt token) {
    String fault = fault(token);
    return fault == null
        ? OAuth2TokenValidatorResult.success()
        : OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_token", fault, null));
  }

  private static @Nullable String fault(Jwt token) {
    if (token.getExpiresAt() == null) {
      return "it has no end";
    }
    if (isFromTheFuture(token)) {
      return "it was issued in the future";
    }
    if (token.hasClaim(BOUND)) {
      return "it is bound to a key of its holder, which is not asked for here";
    }
    String type = word(token.getHeaders().get("typ"));
    if (ACCESS_TYPES.contains(type)) {
      return null;
    }
    if (!type.isEmpty() && !type.equals(PLAIN_TYPE)) {
      return "its type is of no access token";
    }
    return isOfAnotherUse(token.getClaims()) ? "it is no access token" : null;
  }

  /** Without iat, Spring sets it to the second before the end. */
  private static boolean isFromTheFuture(Jwt token) {
    Instant issued = token.getIssuedAt();
    Instant end = token.getExpiresAt();
    return issued != null
        && !(end != null && issued.equals(end.minusSeconds(1)))
        && issued.isAfter(Instant.now().plus(SKEW));
  }

  /** By the claims of OpenID Connect, Keycloak (typ) and Cognito (token_use). */
  private static boolean isOfAnotherUse(Map<String, Object> claims) {
    String type = word(claims.get("typ"));
    String use = word(claims.get("token_use"));
    return OF_ID_TOKENS.stream().anyMatch(claims::containsKey)
        || !type.isEmpty() && !type.equals("bearer") && !ACCESS_TYPES.contains(type)
        || !use.isEmpty() && !use.equals("access")
        || claims.containsKey("nonce") && OF_ACCESS_TOKENS.stream().noneMatch(claims::containsKey);
  }

  private static String word(@Nullable Object value) {
    return value instanceof String text ? text.toLowerCase(Locale.ROOT) : "";
  }
}
