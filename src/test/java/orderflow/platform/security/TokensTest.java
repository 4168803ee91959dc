package orderflow.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import orderflow.platform.http.ProblemException;
import orderflow.platform.startup.StartupException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.security.oauth2.resource.OAuth2ResourceServerProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.FileSystemResource;

/** Against an authorization server that is a set of keys and its description, over HTTP. */
@ExtendWith(OutputCaptureExtension.class)
class TokensTest {

  private static RSAKey key;
  private static RSAKey other;
  private static HttpServer server;
  private static String issuer;
  private static volatile JWKSet keys;
  private static final AtomicInteger answers = new AtomicInteger();

  @TempDir Path folder;

  @BeforeAll
  static void startServer() throws IOException, JOSEException {
    key = new RSAKeyGenerator(2048).keyID("1").generate();
    other = new RSAKeyGenerator(2048).keyID("1").generate();
    server = start();
    issuer = "http://localhost:" + server.getAddress().getPort();
    keys = new JWKSet(key.toPublicJWK());
    serve(
        server,
        "/keys",
        () -> {
          answers.incrementAndGet();
          return keys.toString();
        });
    serve(
        server,
        "/.well-known/openid-configuration",
        () -> "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + issuer + "/keys\"}");
    server.createContext(
        "/failing",
        exchange -> {
          answers.incrementAndGet();
          exchange.sendResponseHeaders(500, -1);
          exchange.close();
        });
    server.createContext(
        "/silent",
        exchange -> {
          answers.incrementAndGet();
          exchange.close();
        });
  }

  @AfterAll
  static void stopServer() {
    server.stop(0);
  }

  @Test
  void mapsScopesAndRolesOfATokenToRoles() throws JOSEException {
    Tokens tokens = tokens(jwt -> jwt.setIssuerUri(issuer));

    assertThat(tokens.caller(token(Map.of("scope", "openid orders coupons"))))
        .hasValue(new Principal("client-7", EnumSet.of(Role.ORDERS, Role.COUPONS)));
    assertThat(tokens.caller(token(Map.of("scp", List.of("operator")))).orElseThrow().roles())
        .containsExactly(Role.OPERATOR);
    assertThat(tokens.caller(token(Map.of("roles", List.of("orders")))).orElseThrow().roles())
        .containsExactly(Role.ORDERS);
    assertThat(tokens.caller(token(Map.of())).orElseThrow().roles()).isEmpty();
  }

  @Test
  void looksAtTheClaimThatIsConfiguredAlone() throws JOSEException {
    Tokens tokens =
        tokens(
            jwt -> {
              jwt.setJwkSetUri(issuer + "/keys");
              jwt.setAuthoritiesClaimName("groups");
            });

    assertThat(
            tokens
                .caller(token(Map.of("groups", List.of("coupons"), "scope", "operator")))
                .orElseThrow()
                .roles())
        .containsExactly(Role.COUPONS);
  }

  @ParameterizedTest
  @CsvSource({
    "realm_access.roles, ORDERS",
    "resource_access.web.shop.roles, COUPONS",
    "https://shop.example/roles, OPERATOR",
    "realm_access.roles.orders,",
    "realm_access,",
    "other.roles,"
  })
  void findsTheClaimThatIsConfiguredWithinOthers(String name, Role role) throws JOSEException {
    Tokens tokens =
        tokens(
            jwt -> {
              jwt.setJwkSetUri(issuer + "/keys");
              jwt.setAuthoritiesClaimName(name);
            });
    Map<String, Object> claims =
        Map.of(
            "realm_access", Map.of("roles", List.of("offline_access", "orders")),
            "resource_access", Map.of("web.shop", Map.of("roles", List.of("coupons"))),
            "https://shop.example/roles", List.of("operator"),
            "roles", "operator");

    assertThat(tokens.caller(token(claims)).orElseThrow().roles())
        .isEqualTo(role == null ? Set.of() : Set.of(role));
  }

  @Test
  void takesAPublicKeyInAFile() throws IOException, JOSEException {
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(key.toRSAPublicKey().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    Path file = Files.writeString(folder.resolve("key.pem"), pem);
    Tokens tokens = tokens(jwt -> jwt.setPublicKeyLocation(new FileSystemResource(file)));

    assertThat(tokens.caller(token(Map.of("scope", "orders")))).isPresent();
    assertThat(tokens.caller(signed(claims(Map.of()), other))).isEmpty();
  }

  @Test
  void refusesTokensThatAreNotMeantForIt() throws JOSEException {
    Tokens tokens =
        tokens(
            jwt -> {
              jwt.setIssuerUri(issuer);
              jwt.setAudiences(List.of("orderflow"));
            });
    Date past = Date.from(Instant.now().minusSeconds(600));

    assertThat(tokens.caller(token(Map.of("aud", "orderflow")))).isPresent();
    assertThat(tokens.caller(token(Map.of("aud", "another")))).as("audience").isEmpty();
    assertThat(tokens.caller(token(Map.of()))).as("no audience").isEmpty();
    assertThat(tokens.caller(token(Map.of("aud", "orderflow", "iss", "x")))).as("issuer").isEmpty();
    assertThat(tokens.caller(token(Map.of("aud", "orderflow", "exp", past))))
        .as("expired")
        .isEmpty();
  }

  @Test
  void takesATokenOfTheTypeForAccess() throws JOSEException {
    Tokens tokens = tokens(jwt -> jwt.setIssuerUri(issuer));

    for (String type : List.of("at+jwt", "application/at+jwt", "AT+JWT", "JWT", "jwt")) {
      assertThat(tokens.caller(typed(type, claims(Map.of("scope", "orders")))))
          .as(type)
          .isPresent();
    }
    for (String type : List.of("dpop+jwt", "logout+jwt", "secevent+jwt", "id+jwt")) {
      assertThat(tokens.caller(typed(type, claims(Map.of("scope", "orders"))))).as(type).isEmpty();
    }
  }

  @Test
  void refusesATokenWithoutAnEndAndOneOfTheFuture() throws JOSEException {
    Tokens tokens = tokens(jwt -> jwt.setIssuerUri(issuer));
    Date future = Date.from(Instant.now().plusSeconds(200));
    JWTClaimsSet endless =
        new JWTClaimsSet.Builder()
            .subject("client-7")
            .issuer(issuer)
            .claim("scope", "operator")
            .build();

    assertThat(tokens.caller(signed(endless, key))).as("no exp").isEmpty();
    assertThat(tokens.caller(token(Map.of("nbf", future)))).as("not yet valid").isEmpty();
    assertThat(tokens.caller(token(Map.of("iat", future)))).as("issued later").isEmpty();
    assertThat(tokens.caller(token(Map.of("iat", Date.from(Instant.now()))))).isPresent();
  }

  @Test
  void refusesTokensThatAreForSomethingElse() throws JOSEException {
    Tokens tokens = tokens(jwt -> jwt.setIssuerUri(issuer));

    for (Map<String, Object> claims :
        List.<Map<String, Object>>of(
            Map.of("nonce", "n-0S6_WzA2Mj", "name", "Jane"),
            Map.of("at_hash", "77QmUPtjPfzWtF2AnpK9RQ", "scope", "orders"),
            Map.of("c_hash", "x"),
            Map.of("typ", "ID", "roles", List.of("operator")),
            Map.of("typ", "Refresh", "scope", "operator"),
            Map.of("token_use", "id"),
            Map.of("cnf", Map.of("jkt", "x"), "scope", "orders"))) {
      assertThat(tokens.caller(token(claims))).as(claims.toString()).isEmpty();
    }
    assertThat(tokens.caller(token(Map.of("typ", "Bearer", "nonce", "n", "scope", "orders"))))
        .as("an access token of Keycloak")
        .isPresent();
    assertThat(tokens.caller(token(Map.of("token_use", "access", "scope", "orders")))).isPresent();
  }

  @Test
  void asksForTheAudienceAtTheStart() {
    assertThatThrownBy(
            () ->
                tokens(
                    jwt -> {
                      jwt.setIssuerUri(issuer);
                      jwt.setAudiences(List.of());
                    }))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("spring.security.oauth2.resourceserver.jwt.audiences")
        .message()
        .hasLineCount(1);
  }

  @Test
  void refusesForgedTokens() throws JOSEException {
    Tokens tokens = tokens(jwt -> jwt.setIssuerUri(issuer));
    JWTClaimsSet operator = claims(Map.of("scope", "operator"));
    SignedJWT byPublicKey =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("1").build(), operator);
    byPublicKey.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
    String good = token(Map.of("scope", "orders"));

    assertThat(tokens.caller(signed(operator, other))).as("another key").isEmpty();
    assertThat(tokens.caller(new PlainJWT(operator).serialize())).as("unsigned").isEmpty();
    assertThat(tokens.caller(byPublicKey.serialize())).as("public key as a secret").isEmpty();
    assertThat(tokens.caller(good.substring(0, good.lastIndexOf('.') + 1))).isEmpty();
    assertThat(tokens.caller("eyJ.x.y")).isEmpty();
    assertThat(tokens.caller("no token")).isEmpty();
  }

  @Test
  void saysThatItCantTellWhileTheServerIsAway() {
    for (Consumer<OAuth2ResourceServerProperties.Jwt> settings :
        List.<Consumer<OAuth2ResourceServerProperties.Jwt>>of(
            jwt -> jwt.setIssuerUri("http://localhost:1"),
            jwt -> jwt.setJwkSetUri("http://localhost:1/keys"))) {
      Tokens tokens = tokens(settings);

      assertThatThrownBy(() -> tokens.caller(token(Map.of())))
          .isInstanceOfSatisfying(
              ProblemException.class,
              refusal -> assertThat(refusal.type().status()).isEqualTo(503));
      assertThat(tokens.caller("a-wrong-api-key")).as("is not asked about").isEmpty();
    }
  }

  @Test
  void asksForTheKeysSeldomHoweverManyUnknownOnesAreNamed() throws JOSEException {
    for (Consumer<OAuth2ResourceServerProperties.Jwt> settings :
        List.<Consumer<OAuth2ResourceServerProperties.Jwt>>of(
            jwt -> jwt.setIssuerUri(issuer), jwt -> jwt.setJwkSetUri(issuer + "/keys"))) {
      Tokens tokens = tokens(settings, () -> 0);
      answers.set(0);

      for (int i = 0; i < 20; i++) {
        RSAKey unknown = new RSAKey.Builder(other).keyID("unknown-" + i).build();
        assertThat(tokens.caller(signed(claims(Map.of()), unknown))).isEmpty();
      }
      assertThat(answers).as("one fetch, and one more for a key that is new").hasValue(2);
      assertThat(tokens.caller(token(Map.of()))).as("a known key").isPresent();
    }
  }

  @Test
  void asksAServerThatGivesNoKeysSeldomTooAndSaysSoOnce(CapturedOutput log) {
    for (String path : List.of("/failing", "/silent")) {
      Tokens tokens = tokens(jwt -> jwt.setJwkSetUri(issuer + path), () -> 0);
      answers.set(0);

      for (int i = 0; i < 20; i++) {
        assertThatThrownBy(() -> tokens.caller(token(Map.of())))
            .isInstanceOf(ProblemException.class);
      }
      assertThat(answers).as(path).hasValueLessThanOrEqualTo(4); // the JDK repeats a silent one
    }
    assertThat(log.getOut().lines().filter(line -> line.contains("keys of access tokens")))
        .hasSize(2)
        .anyMatch(line -> line.contains("500 Internal Server Error"));
  }

  @Test
  void takesANewKeyFiveSecondsAfterTheKeysWereFetchedWithoutIt() throws JOSEException {
    AtomicLong now = new AtomicLong();
    Tokens tokens = tokens(jwt -> jwt.setIssuerUri(issuer), now::get);
    RSAKey next = new RSAKey.Builder(other).keyID("next").build();
    String token = signed(claims(Map.of()), next);
    try {
      assertThat(tokens.caller(token)).isEmpty();
      keys = new JWKSet(List.of(key.toPublicJWK(), next.toPublicJWK()));
      assertThat(tokens.caller(token)).isEmpty();
      now.addAndGet(4_999);
      assertThat(tokens.caller(token)).isEmpty();
      now.addAndGet(1);
      assertThat(tokens.caller(token)).isPresent();
    } finally {
      keys = new JWKSet(key.toPublicJWK());
    }
  }

  @Test
  void takesARotatedKeyAtOnce() throws JOSEException {
    Tokens tokens = tokens(jwt -> jwt.setIssuerUri(issuer), () -> 0);
    RSAKey next = new RSAKey.Builder(other).keyID("next").build();
    try {
      assertThat(tokens.caller(token(Map.of()))).isPresent();
      keys = new JWKSet(next.toPublicJWK());
      assertThat(tokens.caller(signed(claims(Map.of()), next))).isPresent();
      assertThat(tokens.caller(token(Map.of()))).as("the key before").isEmpty();
    } finally {
      keys = new JWKSet(key.toPublicJWK());
    }
  }

  @Test
  void knownKeysOutliveAnOutageOfTheServerForAnHour() throws IOException, JOSEException {
    HttpServer brief = start();
    serve(brief, "/keys", () -> keys.toString());
    AtomicLong now = new AtomicLong();
    Tokens tokens =
        tokens(
            jwt -> jwt.setJwkSetUri("http://localhost:" + brief.getAddress().getPort() + "/keys"),
            now::get);
    RSAKey unknown = new RSAKey.Builder(other).keyID("unknown").build();
    assertThat(tokens.caller(token(Map.of()))).isPresent();
    brief.stop(0);

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> tokens.caller(signed(claims(Map.of()), unknown)))
          .as("a key that may be new")
          .isInstanceOf(ProblemException.class);
    }
    now.set(Duration.ofMinutes(59).toMillis());
    assertThat(tokens.caller(token(Map.of()))).isPresent();
    now.set(Duration.ofMinutes(65).toMillis());
    assertThatThrownBy(() -> tokens.caller(token(Map.of()))).isInstanceOf(ProblemException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/one/.well-known/openid-configuration",
        "/.well-known/openid-configuration/one",
        "/.well-known/oauth-authorization-server/one"
      })
  void findsTheMetadataOfAnIssuerWithAPath(String place) throws IOException, JOSEException {
    HttpServer tenants = start();
    String tenant = "http://localhost:" + tenants.getAddress().getPort() + "/one";
    serve(
        tenants,
        place,
        () -> "{\"issuer\":\"" + tenant + "\",\"jwks_uri\":\"" + issuer + "/keys\"}");
    try {
      Tokens tokens = tokens(jwt -> jwt.setIssuerUri(tenant));

      assertThat(tokens.caller(token(Map.of("iss", tenant)))).isPresent();
    } finally {
      tenants.stop(0);
    }
  }

  @Test
  void doesNotTakeTheKeysOfAnotherIssuer() {
    serve(
        server,
        "/liar/.well-known/openid-configuration",
        () -> "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + issuer + "/keys\"}");
    Tokens tokens = tokens(jwt -> jwt.setIssuerUri(issuer + "/liar"));

    assertThatThrownBy(() -> tokens.caller(token(Map.of("iss", issuer + "/liar"))))
        .isInstanceOf(ProblemException.class);
  }

  private static HttpServer start() throws IOException {
    HttpServer started =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    started.start();
    return started;
  }

  private static Tokens tokens(Consumer<OAuth2ResourceServerProperties.Jwt> settings) {
    return tokens(settings, () -> 0);
  }

  private static Tokens tokens(
      Consumer<OAuth2ResourceServerProperties.Jwt> settings, LongSupplier millis) {
    OAuth2ResourceServerProperties.Jwt jwt = new OAuth2ResourceServerProperties().getJwt();
    jwt.setAudiences(List.of("any"));
    settings.accept(jwt);
    return TokenConfiguration.tokens(jwt, millis);
  }

  private static String token(Map<String, Object> claims) throws JOSEException {
    return signed(claims(claims), key);
  }

  private static JWTClaimsSet claims(Map<String, Object> claims) {
    JWTClaimsSet.Builder builder =
        new JWTClaimsSet.Builder()
            .subject("client-7")
            .issuer(issuer)
            .expirationTime(Date.from(Instant.now().plusSeconds(300)));
    claims.forEach(builder::claim);
    return builder.build();
  }

  private static String signed(JWTClaimsSet claims, RSAKey key) throws JOSEException {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
    jwt.sign(new RSASSASigner(key));
    return jwt.serialize();
  }

  private static String typed(String type, JWTClaimsSet claims) throws JOSEException {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(key.getKeyID())
                .type(new JOSEObjectType(type))
                .build(),
            claims);
    jwt.sign(new RSASSASigner(key));
    return jwt.serialize();
  }

  private static void serve(HttpServer server, String path, Supplier<String> json) {
    server.createContext(
        path,
        exchange -> {
          byte[] body = json.get().getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }
}
