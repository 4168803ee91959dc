package orderflow.platform.security;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Resource;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import orderflow.platform.retry.OutageLog;
import orderflow.platform.startup.StartupException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * The authorization server's public keys. Nimbus caches them, limits how often they are fetched,
 * and keeps the last ones during an outage. It is given a monotonic clock: measured by the system's
 * clock, the limit would stay closed for as long as that clock is set back.
 */
final class ServerKeys implements JWKSource<SecurityContext> {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CACHED = Duration.ofMinutes(5);
  private static final Duration CACHED_IN_OUTAGE = Duration.ofHours(1);

  /** Nimbus allows two fetches in each interval, the second one for keys that were rotated. */
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final String OPENID = "/.well-known/openid-configuration";
  private static final String OAUTH = "/.well-known/oauth-authorization-server";

  private record Metadata(String issuer, @JsonProperty("jwks_uri") URI keys) {}

  private final RestClient http;
  private final JWKSetSource<SecurityContext> keys;
  private final LongSupplier millis;
  private final OutageLog outage = new OutageLog("The fetch of the keys of access tokens");
  private volatile @Nullable IOException failure;

  private ServerKeys(String server, @Nullable URI address, LongSupplier millis) {
    var connections = new SimpleClientHttpRequestFactory();
    connections.setConnectTimeout(TIMEOUT);
    connections.setReadTimeout(TIMEOUT);
    this.http =
        RestClient.builder()
            .requestFactory(connections)
            .defaultHeader(HttpHeaders.ACCEPT, "application/json", "application/jwk-set+json")
            .build();
    this.millis = millis;
    JWKSource<SecurityContext> source =
        JWKSourceBuilder.<SecurityContext>create(
                url(server),
                url -> fetch(() -> address == null ? addressFromMetadata(server) : address))
            .cache(CACHED.toMillis(), TIMEOUT.toMillis())
            .refreshAheadCache(false)
            .rateLimited(INTERVAL.toMillis())
            .outageTolerant(CACHED_IN_OUTAGE.toMillis())
            .build();
    this.keys = ((JWKSetBasedJWKSource<SecurityContext>) source).getJWKSetSource();
  }

  static ServerKeys at(String address, LongSupplier millis) {
    return new ServerKeys(address, URI.create(address), millis);
  }

  /** The keys whose address an issuer's metadata names. */
  static ServerKeys of(String issuer, LongSupplier millis) {
    return new ServerKeys(issuer, null, millis);
  }

  /**
   * An unknown key has the set fetched again. When the limit forbids that, the key stays unknown.
   *
   * @throws KeySourceException if the server is away and the key is not among those known
   */
  @Override
  public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context)
      throws KeySourceException {
    long now = millis.getAsLong();
    JWKSet known = keys.getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), now, context);
    List<JWK> found = selector.select(known);
    if (!found.isEmpty()) {
      return found;
    }
    try {
      var refresh = JWKSetCacheRefreshEvaluator.referenceComparison(known);
      found = selector.select(keys.getJWKSet(refresh, now, context));
    } catch (RateLimitReachedException e) {
      // the set was fetched within the interval
    }
    IOException away = failure;
    if (found.isEmpty() && away != null) {
      throw new KeySourceException("the keys can't be fetched", away);
    }
    return found;
  }

  private Resource fetch(Callable<URI> address) throws IOException {
    try {
      String set = http.get().uri(address.call()).retrieve().body(String.class);
      Resource fetched = new Resource(Objects.requireNonNull(set, "an empty answer"), null);
      failure = null;
      outage.recovered();
      return fetched;
    } catch (Exception e) {
      var away = new IOException(e.getMessage(), e);
      failure = away;
      outage.failure(away);
      throw away;
    }
  }

  /** At the addresses of OpenID Connect Discovery and of RFC 8414, in that order. */
  private URI addressFromMetadata(String issuer) {
    UriComponentsBuilder server = UriComponentsBuilder.fromUriString(issuer);
    String path = Objects.requireNonNullElse(server.build().getPath(), "");
    HttpClientErrorException missing = null;
    for (String place : List.of(path + OPENID, OPENID + path, OAUTH + path)) {
      try {
        URI address = server.replacePath(place).build().toUri();
        Metadata metadata = http.get().uri(address).retrieve().body(Metadata.class);
        if (metadata == null || !issuer.equals(metadata.issuer())) {
          throw new IllegalStateException(address + " is the metadata of another issuer");
        }
        return metadata.keys();
      } catch (HttpClientErrorException e) {
        missing = e;
      }
    }
    throw Objects.requireNonNull(missing);
  }

  private static URL url(String address) {
    try {
      return URI.create(address).toURL();
    } catch (IllegalArgumentException | MalformedURLException e) {
      throw new StartupException(
          "the authorization server's address is not a URL: " + e.getMessage(), e);
    }
  }
}
