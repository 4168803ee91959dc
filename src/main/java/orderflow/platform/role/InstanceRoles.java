package orderflow.platform.role;

import jakarta.validation.constraints.NotEmpty;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * What this instance does.
 *
 * @param roles what is not among them, it does not start
 */
@Validated
@ConfigurationProperties("orderflow")
public record InstanceRoles(@NotEmpty(message = "must name a role") Set<InstanceRole> roles) {

  public boolean has(InstanceRole role) {
    return roles.contains(role);
  }

  public boolean areAll() {
    return roles.size() == InstanceRole.values().length;
  }

  /** As they are written in settings. */
  @Override
  public String toString() {
    return Arrays.stream(InstanceRole.values())
        .filter(roles::contains)
        .map(role -> role.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }
}
