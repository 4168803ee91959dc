package orderflow.platform.startup;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.stream.Stream;
import orderflow.platform.role.InstanceRoles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;

/** Logs where everything is once it runs, and that it stops when it does. */
@Component
class StartupSummary {

  private static final Logger log = LoggerFactory.getLogger(StartupSummary.class);

  private final Environment environment;
  private final InstanceRoles roles;

  StartupSummary(Environment environment, InstanceRoles roles) {
    this.environment = environment;
    this.roles = roles;
  }

  @EventListener(ApplicationReadyEvent.class)
  void ready() {
    String http = scheme() + "://" + host() + ":" + environment.getProperty("local.server.port");
    log.info(
        "PostgreSQL  {}{}",
        Addresses.withoutOptions(text("spring.datasource.url")),
        isEmbedded("postgres")
            ? " (embedded; user orderflow, password in "
                + text("orderflow.data")
                + "/database-password)"
            : "");
    log.info("Kafka       {}{}", text("orderflow.kafka.brokers"), embedded("kafka"));
    log.info(
        "SMTP        {}:{}{}",
        text("orderflow.smtp.host"),
        text("orderflow.smtp.port"),
        embedded("mailbox"));
    if (isEmbedded("mailbox")) {
      log.info("Mails       {}/mailbox", http);
    }
    log.info("Inbox       {}", text("orderflow.inbox"));
    if (!roles.areAll()) {
      log.info("Roles       {}; all else is left to other instances", roles);
    }
    String keyFile = text("orderflow.data") + "/api-key";
    boolean given = StringUtils.hasText(text("orderflow.security.api-key"));
    log.info("API key     {}", given ? "from ORDERFLOW_API_KEY" : "in " + keyFile);
    if (!given && !isEmbedded("postgres")) {
      log.warn(
          "This instance has made an API key of its own, which no other instance on this database"
              + " takes: set ORDERFLOW_API_KEY, the same for all of them");
    }
    log.info(
        "Try         curl -H \"Authorization: Bearer {}\" {}/api/orders",
        given ? "$ORDERFLOW_API_KEY" : "$(cat '" + keyFile + "')",
        http);
    log.info("Orderflow is ready on {} after {} s", http, seconds());
  }

  @EventListener(ContextClosedEvent.class)
  void stopping() {
    log.info("Orderflow stops: it finishes what it has begun");
  }

  private String scheme() {
    boolean secure =
        Stream.of("bundle", "certificate", "key-store")
            .anyMatch(setting -> StringUtils.hasText(text("server.ssl." + setting)));
    return secure ? "https" : "http";
  }

  private String host() {
    String address = text("server.address");
    return address.isEmpty() || address.equals("0.0.0.0") ? "127.0.0.1" : address;
  }

  private String embedded(String server) {
    return isEmbedded(server) ? " (embedded)" : "";
  }

  private boolean isEmbedded(String server) {
    return environment.getProperty(
        "orderflow.embedded." + server + ".active", Boolean.class, false);
  }

  private String text(String setting) {
    return environment.getProperty(setting, "");
  }

  /** Since the process began, which is what an operator waits for. */
  private static String seconds() {
    Duration uptime = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    return uptime.toSeconds() + "." + uptime.toMillisPart() / 100;
  }
}
