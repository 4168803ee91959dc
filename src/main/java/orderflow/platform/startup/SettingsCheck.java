package orderflow.platform.startup;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.Driver;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Looks at what an operator sets before anything starts, and names every fault at once. */
public class SettingsCheck
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  private static final Set<String> SMTP_SECURITY = Set.of("none", "starttls", "tls");
  private static final Pattern BROKER =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):([0-9]{1,5})");
  private static final Pattern API_KEY = Pattern.compile("[\\x21-\\x7E]{24,}");

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    List<String> faults = faults(context.getEnvironment());
    if (!faults.isEmpty()) {
      throw new StartupException(String.join("; ", faults));
    }
  }

  static List<String> faults(Environment environment) {
    var settings = new Settings(environment, new ArrayList<>());
    settings.listener();
    settings.folder("ORDERFLOW_DATA", "orderflow.data");
    settings.folder("ORDERFLOW_INBOX", "orderflow.inbox");
    settings.database();
    settings.brokers();
    settings.smtp();
    settings.sender();
    settings.apiKey();
    settings.embeddedPort("postgres");
    settings.embeddedPort("kafka");
    settings.embeddedPort("mailbox");
    return settings.faults;
  }

  private record Settings(Environment environment, List<String> faults) {

    void listener() {
      int port = port("SERVER_PORT", "server.port", 0);
      String address = text("server.address");
      if (port < 0) {
        return;
      }
      try (var socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(
            new InetSocketAddress(address.isEmpty() ? null : InetAddress.getByName(address), port));
      } catch (BindException e) {
        faults.add(
            "HTTP cannot listen on port "
                + port
                + " of "
                + address
                + " ("
                + e.getMessage()
                + "): set SERVER_PORT or SERVER_ADDRESS to others");
      } catch (IOException e) {
        faults.add(
            "SERVER_ADDRESS "
                + address
                + " is no address of this machine ("
                + e.getMessage()
                + ")");
      }
    }

    void folder(String variable, String setting) {
      try {
        Path folder = Files.createDirectories(Path.of(text(setting)));
        if (!Files.isReadable(folder) || !Files.isWritable(folder) || !Files.isExecutable(folder)) {
          faults.add(
              variable
                  + " "
                  + folder
                  + " cannot be read and written by this user:"
                  + " change its permissions, or name another folder");
        }
      } catch (IOException | InvalidPathException e) {
        faults.add(
            variable
                + " "
                + text(setting)
                + " is no folder this user can make ("
                + e
                + "): name another one");
      }
    }

    void database() {
      String url = text("spring.datasource.url");
      if (!url.isEmpty()
          && (!url.startsWith("jdbc:postgresql:")
              || Driver.parseURL(url, new Properties()) == null)) {
        faults.add("SPRING_DATASOURCE_URL must look like jdbc:postgresql://host:5432/database");
      }
    }

    void brokers() {
      String brokers = text("orderflow.kafka.brokers");
      if (brokers.isEmpty()) {
        return;
      }
      for (String broker : brokers.split(",", -1)) {
        Matcher parts = BROKER.matcher(broker.strip());
        if (!parts.matches() || !isPort(parts.group(2), 1)) {
          faults.add(
              "KAFKA_BROKERS must look like host:9092,host:9092, and '"
                  + broker.strip()
                  + "' does not");
        }
      }
    }

    void smtp() {
      String host = text("orderflow.smtp.host");
      if (host.matches("[^:]*:[^:]*|.*\\s.*")) {
        faults.add("SMTP_HOST must be a host name or address without a port, not '" + host + "'");
      }
      if (!host.isEmpty() || !text("orderflow.smtp.port").isEmpty()) {
        port("SMTP_PORT", "orderflow.smtp.port", 1);
      }
      String security = text("orderflow.smtp.security");
      if (!SMTP_SECURITY.contains(security)) {
        faults.add("SMTP_SECURITY must be none, starttls or tls, not '" + security + "'");
      }
    }

    void sender() {
      String from = text("orderflow.mail.from");
      try {
        new InternetAddress(from, true);
        if (!from.contains("@")) {
          faults.add("MAIL_FROM must be a mail address, not '" + from + "'");
        }
      } catch (AddressException e) {
        faults.add("MAIL_FROM must be a mail address, not '" + from + "' (" + e.getMessage() + ")");
      }
    }

    void apiKey() {
      String key = text("orderflow.security.api-key");
      if (!key.isEmpty() && !API_KEY.matcher(key).matches()) {
        faults.add(
            "ORDERFLOW_API_KEY must be 24 or more visible ASCII characters without spaces:"
                + " openssl rand -hex 32 makes one");
      }
    }

    void embeddedPort(String server) {
      String setting = "orderflow.embedded." + server + ".port";
      port(setting, setting, 0);
    }

    private int port(String variable, String setting, int least) {
      String port = text(setting);
      if (!isPort(port, least)) {
        faults.add(variable + " must be a port from " + least + " to 65535, not '" + port + "'");
        return -1;
      }
      return Integer.parseInt(port);
    }

    private static boolean isPort(String port, int least) {
      return port.matches("[0-9]{1,5}")
          && Integer.parseInt(port) >= least
          && Integer.parseInt(port) <= 65_535;
    }

    private String text(String setting) {
      String value = environment.getProperty(setting);
      return StringUtils.hasText(value) ? value.strip() : "";
    }
  }
}
