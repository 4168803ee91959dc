package orderflow.platform.security;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.security.oauth2.resource.OAuth2ResourceServerProperties;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;

/** Validates access tokens (JWT, RFC 9068) and maps their claims to roles. */
final class Tokens {

  private static final List<String> CLAIMS = List.of("scope", "scp", "roles");

  private final JwtDecoder decoder;
  private final OAuth2ResourceServerProperties.Jwt settings;

  Tokens(JwtDecoder decoder, OAuth2ResourceServerProperties.Jwt settings) {
    this.decoder = decoder;
    this.settings = settings;
  }

  /**
   * The bearer of a token; empty if the token is not valid.
   *
   * @throws ProblemException if the authorization server's keys can't be fetched
   */
  Optional<Principal> caller(String token) {
    if (!looksLikeOne(token)) {
      return Optional.empty();
    }
    try {
      Jwt jwt = decoder.decode(token);
      String subject = jwt.getSubject();
      return Optional.of(
          new Principal(subject == null ? "token" : subject, roles(jwt.getClaims())));
    } catch (BadJwtException e) {
      return Optional.empty();
    } catch (JwtException e) {
      throw new ProblemException(
          ProblemType.UNAVAILABLE,
          "The authorization server that publishes the keys of access tokens is not available.");
    }
  }

  /** A JSON object in Base64 and two more parts; anything else must not cause a fetch of keys. */
  private static boolean looksLikeOne(String token) {
    return token.startsWith("eyJ") && token.chars().filter(c -> c == '.').count() == 2;
  }

  private Set<Role> roles(Map<String, Object> claims) {
    String name = settings.getAuthoritiesClaimName();
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String claim : name == null ? CLAIMS : List.of(name)) {
      words(claim(claims, claim)).forEach(word -> Role.of(word).ifPresent(roles::add));
    }
    return roles;
  }

  /**
   * A claim by its name, or by a path of names with dots between them. Names may hold dots
   * themselves, as URLs do.
   */
  private static @Nullable Object claim(Map<?, ?> claims, String path) {
    if (claims.containsKey(path)) {
      return claims.get(path);
    }
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
      if (claims.get(path.substring(0, dot)) instanceof Map<?, ?> inner) {
        Object found = claim(inner, path.substring(dot + 1));
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private Stream<String> words(@Nullable Object claim) {
    if (claim instanceof Collection<?> list) {
      return list.stream().map(String::valueOf);
    }
    String delimiter = settings.getAuthoritiesClaimDelimiter();
    return claim instanceof String text
        ? Stream.of(text.split(delimiter == null ? " " : delimiter, -1))
        : Stream.empty();
  }
}
