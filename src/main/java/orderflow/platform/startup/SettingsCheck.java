package orderflow.platform.startup;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.postgresql.Driver;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Looks at what an operator sets before anything starts, and names every fault at once. */
public class SettingsCheck
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    var names = new SettingNames(context.getEnvironment());
    stopIfAny(names.renamed());
    names.warnOfUnknown();
    stopIfAny(faults(context.getEnvironment()));
  }

  private static void stopIfAny(List<String> faults) {
    if (!faults.isEmpty()) {
      throw new StartupException(faults);
    }
  }

  static List<String> faults(Environment environment) {
    var faults = new SettingFaults(environment);
    var settings = new Settings(environment, faults);
    settings.listener();
    settings.folder("ORDERFLOW_DATA", "orderflow.data");
    settings.folder("ORDERFLOW_INBOX", "orderflow.inbox");
    settings.database();
    settings.durability();
    new SettingsBinding(environment, faults).check();
    return faults.lines();
  }

  private record Settings(Environment environment, SettingFaults faults) {

    void listener() {
      String given = text("server.port");
      String address = text("server.address");
      if (!PORT.matcher(given).matches() || Integer.parseInt(given) > 65_535) {
        faults.add("SERVER_PORT must be a port from 0 to 65535, not '" + given + "'");
        return;
      }
      int port = Integer.parseInt(given);
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

    void durability() {
      String commit = text("orderflow.database.synchronous-commit");
      if (text("orderflow.durability").equalsIgnoreCase("replicated")
          && Set.of("local", "remote_write").contains(commit)) {
        faults.add(
            "orderflow.durability replicated needs orderflow.database.synchronous-commit on or"
                + " remote_apply, not '"
                + commit
                + "'");
      }
    }

    private String text(String setting) {
      String value = environment.getProperty(setting);
      return StringUtils.hasText(value) ? value.strip() : "";
    }
  }
}
