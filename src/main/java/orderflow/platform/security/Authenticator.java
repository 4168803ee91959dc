package orderflow.platform.security;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds callers by their API key, or by their access token where those are accepted. */
final class Authenticator {

  private static final Pattern BEARER =
      Pattern.compile("bearer +(\\S+) *", Pattern.CASE_INSENSITIVE);

  private final ApiKey own;
  private final KeysFile named;
  private final @Nullable Tokens tokens;

  /**
   * @param own the key with all roles
   * @param tokens null where no authorization server is configured
   */
  Authenticator(ApiKey own, KeysFile named, @Nullable Tokens tokens) {
    this.own = own;
    this.named = named;
    this.tokens = tokens;
  }

  /** The credential of an Authorization header (RFC 6750); empty without one of this scheme. */
  static Optional<String> bearer(@Nullable String authorization) {
    Matcher bearer = BEARER.matcher(authorization == null ? "" : authorization);
    return bearer.matches() ? Optional.of(bearer.group(1)) : Optional.empty();
  }

  /** The holder of a key or token. All keys are compared, so that the time reveals none. */
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

  /**
   * The holder of a key.
   *
   * @param digest of the key, or its first bytes
   */
  Optional<Principal> owner(byte[] digest) {
    Principal found = isBegin(digest, own) ? own.owner() : null;
    for (ApiKey key : named.keys()) {
      found = isBegin(digest, key) ? key.owner() : found;
    }
    return Optional.ofNullable(found);
  }

  /** The digest of the key with all roles. */
  byte[] own() {
    return own.digest();
  }

  private static boolean isBegin(byte[] digest, ApiKey key) {
    return MessageDigest.isEqual(digest, Arrays.copyOf(key.digest(), digest.length));
  }
}
