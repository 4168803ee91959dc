package orderflow.system;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import orderflow.consumer.ConsumerDesk;
import orderflow.outbox.EventType;
import orderflow.outbox.KafkaNames;
import orderflow.platform.kafka.Brokers;
import orderflow.platform.retry.FailureClassifier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reports what the installation is made of, as this instance sees it. */
@Component
public class SystemReport {

  /**
   * The installation.
   *
   * @param schema the version of the database's tables
   * @param topicsUnknown why the topics can't be shown; null if they can
   */
  public record Report(
      String version,
      String java,
      String database,
      String schema,
      List<Instance> instances,
      List<Topic> topics,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String topicsUnknown,
      List<ConsumerDesk.View> consumers,
      List<OwnSettings.Setting> settings) {}

  /**
   * An instance that renews its leases.
   *
   * @param leases what it does for all
   */
  public record Instance(
      long id, String name, Instant startedAt, Instant seenAt, List<String> leases) {}

  /**
   * A topic.
   *
   * @param replicas the fewest that a partition has; inSync too
   */
  public record Topic(String name, int partitions, int replicas, int inSync) {}

  private record Topics(List<Topic> topics, @Nullable String unknown) {}

  private static final String INSTANCES =
      """
      select id, name, started_at, beat_at,
        array(select lease.name from lease where holder = instance.id order by 1) as leases
      from instance order by id
      """;

  private static final String DATABASE =
      "select split_part(version(), ' ', 1) || ' ' || current_setting('server_version')";

  private static final String SCHEMA =
      """
      select version from flyway_schema_history
      where success and version is not null order by installed_rank desc limit 1
      """;

  private final JdbcClient jdbc;
  private final Brokers brokers;
  private final KafkaNames names;
  private final ConsumerDesk consumers;
  private final OwnSettings settings;

  SystemReport(
      JdbcClient jdbc,
      Brokers brokers,
      KafkaNames names,
      ConsumerDesk consumers,
      OwnSettings settings) {
    this.jdbc = jdbc;
    this.brokers = brokers;
    this.names = names;
    this.consumers = consumers;
    this.settings = settings;
  }

  /** The installation now. */
  public Report report() {
    Topics topics = topics();
    return new Report(
        Objects.requireNonNullElse(
            SystemReport.class.getPackage().getImplementationVersion(), "development"),
        Runtime.version().toString(),
        jdbc.sql(DATABASE).query(String.class).single(),
        jdbc.sql(SCHEMA).query(String.class).single(),
        jdbc.sql(INSTANCES).query(SystemReport::instance).list(),
        topics.topics(),
        topics.unknown(),
        consumers.list(),
        settings.list());
  }

  private Topics topics() {
    List<String> known =
        Arrays.stream(EventType.values())
            .flatMap(type -> Stream.of(type.topic(), EventType.deadLetterTopicOf(type.topic())))
            .map(names::of)
            .toList();
    try (Admin admin = brokers.admin()) {
      List<String> there =
          admin.listTopics().names().get(Brokers.TIMEOUT_SECONDS, TimeUnit.SECONDS).stream()
              .filter(known::contains)
              .sorted()
              .toList();
      return new Topics(
          admin
              .describeTopics(there)
              .allTopicNames()
              .get(Brokers.TIMEOUT_SECONDS, TimeUnit.SECONDS)
              .values()
              .stream()
              .map(SystemReport::topic)
              .sorted((a, b) -> a.name().compareTo(b.name()))
              .toList(),
          null);
    } catch (ExecutionException | TimeoutException e) {
      return new Topics(List.of(), FailureClassifier.reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Topics(List.of(), "interrupted");
    }
  }

  private static Topic topic(TopicDescription described) {
    return new Topic(
        described.name(),
        described.partitions().size(),
        described.partitions().stream().mapToInt(one -> one.replicas().size()).min().orElse(0),
        described.partitions().stream().mapToInt(one -> one.isr().size()).min().orElse(0));
  }

  private static Instance instance(ResultSet row, int n) throws SQLException {
    return new Instance(
        row.getLong("id"),
        row.getString("name"),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        row.getObject("beat_at", OffsetDateTime.class).toInstant(),
        List.of((String[]) row.getArray("leases").getArray()));
  }
}
