package orderflow.platform.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where Kafka is.
 *
 * @param brokers host:port,host:port
 * @param properties Kafka's own client settings, for each client: TLS, login
 */
@ConfigurationProperties("orderflow.kafka")
public record Brokers(String brokers, @DefaultValue Map<String, String> properties) {

  public static final int TIMEOUT_SECONDS = 10;

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
