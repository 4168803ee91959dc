package orderflow.platform.security;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseCookie;
import org.springframework.web.util.WebUtils;

/**
 * Logs people in to the console with a key that they type once. What they get is a signed cookie
 * that names the key by part of its hash, so that every instance with the same keys knows it. Name
 * and roles are looked up with each request: a session ends when its key is removed.
 */
public final class Sessions {

  static final Duration LASTS = Duration.ofHours(8);

  private static final String COOKIE = "orderflow-console";
  private static final String PATH = "/console";
  private static final Duration LINK_LASTS = Duration.ofHours(1);
  private static final int KEY_PART = 16;
  private static final int NONCE = 12;
  private static final int CONTENT = KEY_PART + Long.BYTES + NONCE;
  private static final int MAC = 32;
  private static final int MOST_ENDED = 10_000;

  /** A cookie's holder could try to guess the API key, which an operator may have chosen. */
  private static final int ITERATIONS = 200_000;

  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  /** What came of a login. */
  public sealed interface Login {

    /** The key is right; the cookie is what the session is known by from now on. */
    record Done(ResponseCookie cookie, Session session) implements Login {}

    /** No key is like this. */
    record Wrong() implements Login {}

    /** The sender's address has sent too many wrong keys. */
    record TooMany(long seconds) implements Login {}
  }

  private final Authenticator keys;
  private final FailedLogins failures;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private @Nullable SecretKeySpec secret;
  private @Nullable String link;
  private Instant linkUntil = Instant.EPOCH;

  /** Sessions that were ended here before their time; the oldest make room. */
  private final Map<String, Boolean> ended =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MOST_ENDED;
        }
      };

  Sessions(Authenticator keys, FailedLogins failures, Clock clock) {
    this.keys = keys;
    this.failures = failures;
    this.clock = clock;
  }

  /** Logs in with a key. */
  public Login login(HttpServletRequest request, String key) {
    byte[] digest = ApiKey.digest(key);
    if (keys.owner(digest).isPresent()) {
      ResponseCookie cookie = begin(request, digest);
      return new Login.Done(cookie, find(cookie.getValue()).orElseThrow());
    }
    FailedLogins.Quota quota = failures.note(request.getRemoteAddr());
    return quota.isExceeded() ? new Login.TooMany(quota.seconds()) : new Login.Wrong();
  }

  /** Makes a link's secret that logs in once, from this machine, within an hour. */
  synchronized String newLink() {
    link = NewKey.random();
    linkUntil = clock.instant().plus(LINK_LASTS);
    return link;
  }

  /** Logs in with a link's secret; empty if it is used up, over, or from elsewhere. */
  public synchronized Optional<ResponseCookie> loginOnce(HttpServletRequest request, String once) {
    String expected = link;
    if (expected == null
        || clock.instant().isAfter(linkUntil)
        || !LoopbackRequest.sent(request)
        || !MessageDigest.isEqual(bytes(expected), bytes(once))) {
      return Optional.empty();
    }
    link = null;
    return Optional.of(begin(request, keys.own()));
  }

  /** The session of a request's cookie. */
  Optional<Session> find(HttpServletRequest request) {
    Cookie cookie = WebUtils.getCookie(request, COOKIE);
    return cookie == null ? Optional.empty() : find(cookie.getValue());
  }

  private Optional<Session> find(String cookie) {
    byte[] signed;
    try {
      signed = Base64.getUrlDecoder().decode(cookie);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (signed.length != CONTENT + MAC) {
      return Optional.empty();
    }
    byte[] content = Arrays.copyOf(signed, CONTENT);
    if (!MessageDigest.isEqual(
        mac("session", content), Arrays.copyOfRange(signed, CONTENT, CONTENT + MAC))) {
      return Optional.empty();
    }
    Instant issued =
        Instant.ofEpochSecond(ByteBuffer.wrap(content, KEY_PART, Long.BYTES).getLong());
    Instant until = issued.plus(LASTS);
    if (!clock.instant().isBefore(until) || isEnded(content)) {
      return Optional.empty();
    }
    return keys.owner(Arrays.copyOf(content, KEY_PART))
        .map(owner -> new Session(owner, ENCODER.encodeToString(mac("csrf", content)), until));
  }

  /** Ends the session of a request on this instance, and returns the cookie that removes it. */
  public ResponseCookie end(HttpServletRequest request) {
    Cookie cookie = WebUtils.getCookie(request, COOKIE);
    if (cookie != null && find(cookie.getValue()).isPresent()) {
      byte[] content = Arrays.copyOf(Base64.getUrlDecoder().decode(cookie.getValue()), CONTENT);
      synchronized (ended) {
        ended.put(HexFormat.of().formatHex(content), true);
      }
    }
    return cookie(request, "").maxAge(0).build();
  }

  private boolean isEnded(byte[] content) {
    synchronized (ended) {
      return ended.containsKey(HexFormat.of().formatHex(content));
    }
  }

  private ResponseCookie begin(HttpServletRequest request, byte[] keyDigest) {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    byte[] content =
        ByteBuffer.allocate(CONTENT)
            .put(keyDigest, 0, KEY_PART)
            .putLong(clock.instant().getEpochSecond())
            .put(nonce)
            .array();
    byte[] signed =
        ByteBuffer.allocate(CONTENT + MAC).put(content).put(mac("session", content)).array();
    return cookie(request, ENCODER.encodeToString(signed)).maxAge(LASTS).build();
  }

  private static ResponseCookie.ResponseCookieBuilder cookie(
      HttpServletRequest request, String value) {
    return ResponseCookie.from(COOKIE, value)
        .path(PATH)
        .httpOnly(true)
        .secure(request.isSecure())
        .sameSite("Strict");
  }

  private byte[] mac(String purpose, byte[] content) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(secret());
      mac.update(bytes(purpose));
      return mac.doFinal(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
    }
  }

  /** Made of the API key, which all instances have and whose change ends every session. */
  private synchronized SecretKeySpec secret() throws GeneralSecurityException {
    SecretKeySpec made = secret;
    if (made == null) {
      PBEKeySpec from =
          new PBEKeySpec(
              HexFormat.of().formatHex(keys.own()).toCharArray(),
              bytes("orderflow console"),
              ITERATIONS,
              256);
      made =
          new SecretKeySpec(
              SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                  .generateSecret(from)
                  .getEncoded(),
              "HmacSHA256");
      secret = made;
    }
    return made;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
