package orderflow;

import static org.assertj.core.api.Assertions.assertThat;

import orderflow.platform.mailbox.Mailbox;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;

@OrderflowTest
class RealServersTest {

  @Autowired JdbcClient jdbc;
  @Autowired Mailbox mailbox;

  @Value("${orderflow.kafka.brokers}")
  String brokers;

  @Test
  void theApplicationOfATestRunsOnThem() {
    assertThat(jdbc.sql("SELECT version()").query(String.class).single())
        .startsWith("PostgreSQL 17");
    assertThat(brokers).isEqualTo(RealServers.kafkaBrokers());
    assertThat(mailbox).isSameAs(RealServers.mailbox());
  }
}
