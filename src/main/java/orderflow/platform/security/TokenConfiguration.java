package orderflow.platform.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.proc.SingleKeyJWSKeySelector;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.io.InputStream;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
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
import org.springframework.security.converter.RsaKeyConverters;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.util.StringUtils;

/**
 * Accepts access tokens where Spring Boot's settings name an authorization server or its key.
 * Spring Security validates them. Its filter chain is left out: a call through it costs more than
 * the validation.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(TokenConfiguration.IsAskedFor.class)
@EnableConfigurationProperties(OAuth2ResourceServerProperties.class)
class TokenConfiguration {

  /** The setting that accepts every audience. */
  private static final List<String> ANY_AUDIENCE = List.of("any");

  @Bean
  Tokens tokens(OAuth2ResourceServerProperties properties) {
    long start = System.nanoTime();
    return tokens(
        properties.getJwt(), () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
  }

  /**
   * @param millis a clock that never goes back, from 0 on
   */
  static Tokens tokens(OAuth2ResourceServerProperties.Jwt settings, LongSupplier millis) {
    if (settings.getAudiences().isEmpty()) {
      throw new StartupException(
          "access tokens need spring.security.oauth2.resourceserver.jwt.audiences: the name that the"
              + " authorization server has for this service, or any, with which tokens meant for other"
              + " services are good here too");
    }
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSKeySelector(keys(settings, millis));
    processor.setJWSTypeVerifier((type, context) -> {}); // AccessTokenRule checks it
    processor.setJWTClaimsSetVerifier((claims, context) -> {}); // Spring's validators do
    var decoder = new NimbusJwtDecoder(processor);
    decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(rules(settings)));
    return new Tokens(decoder, settings);
  }

  private static JWSKeySelector<SecurityContext> keys(
      OAuth2ResourceServerProperties.Jwt settings, LongSupplier millis) {
    List<JWSAlgorithm> algorithms =
        settings.getJwsAlgorithms().stream().map(TokenConfiguration::algorithm).toList();
    Resource key = settings.getPublicKeyLocation();
    if (key != null) {
      return new SingleKeyJWSKeySelector<>(algorithms.get(0), publicKey(key));
    }
    String address = settings.getJwkSetUri();
    return new JWSVerificationKeySelector<>(
        Set.copyOf(algorithms),
        StringUtils.hasText(address)
            ? ServerKeys.at(address, millis)
            : ServerKeys.of(Objects.requireNonNull(settings.getIssuerUri()), millis));
  }

  private static JWSAlgorithm algorithm(String name) {
    if (SignatureAlgorithm.from(name) == null) {
      throw new StartupException("there is no signature algorithm " + name);
    }
    return JWSAlgorithm.parse(name);
  }

  private static RSAPublicKey publicKey(Resource location) {
    try (InputStream in = location.getInputStream()) {
      return Objects.requireNonNull(RsaKeyConverters.x509().convert(in));
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw new StartupException(
          "the public key " + location + " can't be read: " + e.getMessage(), e);
    }
  }

  private static List<OAuth2TokenValidator<Jwt>> rules(
      OAuth2ResourceServerProperties.Jwt settings) {
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
    return rules;
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
