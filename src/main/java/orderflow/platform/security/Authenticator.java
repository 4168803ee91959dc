package orderflow.platform.security;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Everybody who may call: the holders of API keys, and of access tokens where those are taken. */
final class Authenticator {

  private static final Pattern BEARER =
      Pattern.compile("bearer +(\\S+) *", Pattern.CASE_INSENSITIVE);

  private final ApiKey own;
  private final KeysFile named;
  private final @Nullable Tokens tokens;

  /**
   * @param own the key that has all roles
   * @param tokens null where no authorization server is configured
   */
  Authenticator(ApiKey own, KeysFile named, @Nullable Tokens tokens) {
    this.own = own;
    this.named = named;
    this.tokens = tokens;
  }

  /** What an Authorization header shows (RFC 6750); empty if there is none, or another kind. */
  static Optional<String> bearer(@Nullable String authorization) {
    Matcher bearer = BEARER.matcher(authorization == null ? "" : authorization);
    return bearer.matches() ? Optional.of(bearer.group(1)) : Optional.empty();
  }

  /**
   * Who has this key or token. Every key is compared, found or not, so that none shows by the time.
   */
  Optional<Principal> find(String credential) {
    byte[] digest = ApiKey.digest(credential);
    List<ApiKey> keys = named.keys();
    Principal found = own.isOf(digest) ? own.owner() : null;
    for (ApiKey key : keys) {
      found = key.isOf(digest) ? key.owner() : found;
    }
    if (found == null && tokens != null) {
      return tokens.caller(credential);
    }
    return Optional.ofNullable(found);
  }
}
