package orderflow.platform.kafka;

import jakarta.validation.constraints.Pattern;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where Kafka is.
 *
 * @param brokers host:port,host:port
 * @param properties Kafka's own client settings, for each client: TLS, login
 */
@Validated
@ConfigurationProperties("orderflow.kafka")
public record Brokers(
    @Pattern(
            regexp = "(" + ADDRESS + "(," + ADDRESS + ")*)?",
            message = "must look like host:9092,host:9092")
        String brokers,
    @DefaultValue Map<String, String> properties) {

  public static final int TIMEOUT_SECONDS = 10;

  private static final String ADDRESS =
      " *([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):0*([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
          + " *";

  public Brokers {
    properties = Map.copyOf(properties);
  }

  public Admin admin() {
    Map<String, Object> settings = new HashMap<>(properties);
    settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_SECONDS * 500);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_SECONDS * 1000);
    return Admin.create(settings);
  }

  /** Without the settings, which may hold a password. */
  @Override
  public String toString() {
    return brokers;
  }
}
