package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import orderflow.platform.retry.BackgroundLoop;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the running application forgets by itself, and what it keeps. */
@OrderflowTest
class RetentionTest {

  @Autowired JdbcClient jdbc;

  @Autowired
  @Qualifier("mailRetentionLoop") BackgroundLoop mails;

  @Autowired
  @Qualifier("forgetImports") BackgroundLoop imports;

  @Value("${orderflow.mail.sent-retention}")
  Duration mailsAreKept;

  @Value("${orderflow.importing.retention}")
  Duration importsAreKept;

  @Test
  void whatSentMailsSaidIsForgottenInTime() {
    UUID older = mail(before(mailsAreKept.plusHours(1)));
    UUID newer = mail(before(mailsAreKept.minusHours(1)));

    mails.wake();

    await().until(() -> event(older).isEmpty());
    assertThat(event(newer)).isNotEmpty();
  }

  @Test
  void endedImportsAreForgottenInTime() {
    long older = endedImport(before(importsAreKept.plusHours(1)));
    long newer = endedImport(before(importsAreKept.minusHours(1)));

    imports.wake();

    await().until(() -> !isThere(older));
    assertThat(isThere(newer)).isTrue();
  }

  private static OffsetDateTime before(Duration age) {
    return Instant.now().minus(age).atOffset(ZoneOffset.UTC);
  }

  private UUID mail(OffsetDateTime sent) {
    UUID order = UUID.randomUUID();
    jdbc.sql(
            """
            insert into mail (order_id, kind, customer_id, event, state, queued_at, next_attempt_at, sent_at,
              source_topic, source_partition, source_offset)
            values (:order, 'CONFIRMATION', 'c-old', '{}', 'SENT', :sent, :sent, :sent, 'order.completed', 0, 0)
            """)
        .param("order", order)
        .param("sent", sent)
        .update();
    return order;
  }

  private String event(UUID order) {
    return jdbc.sql("select event from mail where order_id = ?")
        .param(order)
        .query(String.class)
        .single();
  }

  private long endedImport(OffsetDateTime at) {
    return jdbc.sql(
            """
            insert into import (file, size, modified, started_at, finished_at, state, left_inbox)
            values (:file, 10, :at, :at, :at, 'DONE', true) returning id
            """)
        .param("file", UUID.randomUUID() + ".csv")
        .param("at", at)
        .query(Long.class)
        .single();
  }

  private boolean isThere(long id) {
    return jdbc.sql("select count(*) = 1 from import where id = ?")
        .param(id)
        .query(Boolean.class)
        .single();
  }
}
