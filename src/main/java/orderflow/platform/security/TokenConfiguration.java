package orderflow.platform.security;

import java.io.IOException;
import java.io.InputStream;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import orderflow.platform.startup.StartupException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.security.oauth2.resource.OAuth2ResourceServerProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.security.converter.RsaKeyConverters;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;
import org.springframework.util.StringUtils;
import org.springframework.web.client.RestTemplate;

/**
 * Takes access tokens where Spring Boot's settings name an authorization server or its key. Spring
 * Security checks them; its filters are not there, because a call's way through them costs more
 * than all that is asked of them here.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(TokenConfiguration.IsAskedFor.class)
@EnableConfigurationProperties(OAuth2ResourceServerProperties.class)
class TokenConfiguration {

  /** What is written in place of audiences to say that every one is right. */
  private static final List<String> ANY_AUDIENCE = List.of("any");

  private static final int PATIENCE_MS = (int) Duration.ofSeconds(5).toMillis();

  @Bean
  Tokens tokens(OAuth2ResourceServerProperties properties, Clock clock) {
    return tokens(properties.getJwt(), clock);
  }

  static Tokens tokens(OAuth2ResourceServerProperties.Jwt settings, Clock clock) {
    if (settings.getAudiences().isEmpty()) {
      throw new StartupException(
          "access tokens need spring.security.oauth2.resourceserver.jwt.audiences: the name that the"
              + " authorization server has for this service, or any, with which tokens meant for other"
              + " services are good here too");
    }
    return new Tokens(decoder(settings, requests(clock)), settings);
  }

  private static JwtDecoder decoder(
      OAuth2ResourceServerProperties.Jwt settings, RestTemplate requests) {
    Resource key = settings.getPublicKeyLocation();
    if (key != null) {
      return checked(
          NimbusJwtDecoder.withPublicKey(publicKey(key))
              .signatureAlgorithm(algorithms(settings).get(0))
              .validateType(false)
              .build(),
          settings);
    }
    String keys = settings.getJwkSetUri();
    if (StringUtils.hasText(keys)) {
      return checked(keySet(NimbusJwtDecoder.withJwkSetUri(keys), settings, requests), settings);
    }
    String issuer = Objects.requireNonNull(settings.getIssuerUri());
    return new SupplierJwtDecoder(
        () ->
            checked(
                keySet(NimbusJwtDecoder.withIssuerLocation(issuer), settings, requests), settings));
  }

  private static RestTemplate requests(Clock clock) {
    var connections = new SimpleClientHttpRequestFactory();
    connections.setConnectTimeout(PATIENCE_MS);
    connections.setReadTimeout(PATIENCE_MS);
    var requests = new RestTemplate(connections);
    requests.setInterceptors(List.of(new RecentAnswers(clock)));
    return requests;
  }

  private static NimbusJwtDecoder keySet(
      NimbusJwtDecoder.JwkSetUriJwtDecoderBuilder builder,
      OAuth2ResourceServerProperties.Jwt settings,
      RestTemplate requests) {
    return builder
        .restOperations(requests)
        .jwsAlgorithms(algorithms -> algorithms.addAll(algorithms(settings)))
        .validateType(false)
        .build();
  }

  private static List<SignatureAlgorithm> algorithms(OAuth2ResourceServerProperties.Jwt settings) {
    return settings.getJwsAlgorithms().stream()
        .map(
            name -> {
              SignatureAlgorithm algorithm = SignatureAlgorithm.from(name);
              if (algorithm == null) {
                throw new StartupException("there is no signature algorithm " + name);
              }
              return algorithm;
            })
        .toList();
  }

  private static RSAPublicKey publicKey(Resource location) {
    try (InputStream in = location.getInputStream()) {
      return Objects.requireNonNull(RsaKeyConverters.x509().convert(in));
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw new StartupException(
          "the public key " + location + " can't be read: " + e.getMessage(), e);
    }
  }

  private static NimbusJwtDecoder checked(
      NimbusJwtDecoder decoder, OAuth2ResourceServerProperties.Jwt settings) {
    List<OAuth2TokenValidator<Jwt>> rules =
        new ArrayList<>(List.of(new JwtTimestampValidator(), new AccessTokenRule()));
    String issuer = settings.getIssuerUri();
    if (StringUtils.hasText(issuer)) {
      rules.add(new JwtIssuerValidator(issuer));
    }
    List<String> audiences = settings.getAudiences();
    if (!audiences.equals(ANY_AUDIENCE)) {
      rules.add(
          new JwtClaimValidator<@Nullable Collection<String>>(
              JwtClaimNames.AUD, aud -> aud != null && aud.stream().anyMatch(audiences::contains)));
    }
    decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(rules));
    return decoder;
  }

  /** When any of the settings that name a key is there. */
  static class IsAskedFor implements Condition {

    private static final Set<String> NAMES =
        Set.of("issuer-uri", "jwk-set-uri", "public-key-location");

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return NAMES.stream()
          .map(name -> "spring.security.oauth2.resourceserver.jwt." + name)
          .map(context.getEnvironment()::getProperty)
          .anyMatch(StringUtils::hasText);
    }
  }
}
