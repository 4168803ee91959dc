package orderflow.intake;

import static orderflow.intake.NewOrders.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import orderflow.OrderflowTest;
import orderflow.coupon.Coupons;
import orderflow.intake.PlacementResult.Placed;
import orderflow.outbox.Outbox;
import orderflow.platform.retry.FailureClassifier;
import orderflow.platform.trace.Traces;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;

/**
 * A campaign's coupon is locked by a client that does not go on, for longer than anything waits.
 */
@OrderflowTest
class LockedCouponTest {

  private static final int WRITERS = 2;

  @Autowired DataSource database;
  @Autowired JdbcClient jdbc;
  @Autowired OrderWriter orders;
  @Autowired Coupons coupons;
  @Autowired Outbox outbox;
  @Autowired PlatformTransactionManager transactions;
  @Autowired PlacementCounts counts;
  @Autowired Clock clock;

  private final String run = UUID.randomUUID().toString().substring(0, 8);
  private GroupCommit groupCommit;

  @AfterEach
  void stop() {
    groupCommit.stop();
  }

  @Test
  void itsOrdersFailInTimeOthersAreTakenAndNothingPilesUpInTheDatabase() throws Exception {
    groupCommit =
        new GroupCommit(
            new Intake(orders, coupons, outbox, impatient(), counts, new Traces(null), clock),
            new IntakeSettings(WRITERS, 50, 100, Duration.ofSeconds(60)),
            counts);
    groupCommit.start();
    jdbc.sql(
            "insert into coupon (code, discount_type, discount_value, usage_limit, created_at)"
                + " values (?, 'PERCENT', 10, 1000, now())")
        .param(run)
        .update();
    try (Connection holder = database.getConnection();
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("select from coupon where code = '" + run + "' for update");
      List<CompletableFuture<PlacementResult>> withCoupon = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        withCoupon.add(place(run));
      }
      await().until(() -> waiting() > 0);
      CompletableFuture<PlacementResult> withoutCoupon = place(null);

      for (CompletableFuture<PlacementResult> order : withCoupon) {
        assertThat(
                order
                    .handle((placement, failure) -> FailureClassifier.isLockTimeout(failure))
                    .get())
            .isTrue();
        assertThat(waiting()).isLessThanOrEqualTo(WRITERS);
      }
      assertThat(withoutCoupon.get()).isInstanceOf(Placed.class);
      await().until(() -> waiting() == 0);
    }
    assertThat(place(run).get()).isInstanceOf(Placed.class);
  }

  private CompletableFuture<PlacementResult> place(String coupon) {
    return CompletableFuture.supplyAsync(
        () -> groupCommit.place(order(run, coupon, null)), work -> new Thread(work).start());
  }

  private long waiting() {
    return jdbc.sql(
            """
            select count(*) from pg_stat_activity
            where application_name = 'orderflow intake' and wait_event_type = 'Lock'
            """)
        .query(Long.class)
        .single();
  }

  /** As those of the application, which only wait longer. */
  private PlatformTransactionManager impatient() {
    return new PlatformTransactionManager() {
      @Override
      public TransactionStatus getTransaction(TransactionDefinition definition) {
        TransactionStatus status = transactions.getTransaction(definition);
        jdbc.sql("set local lock_timeout = '2s'").update();
        return status;
      }

      @Override
      public void commit(TransactionStatus status) {
        transactions.commit(status);
      }

      @Override
      public void rollback(TransactionStatus status) {
        transactions.rollback(status);
      }
    };
  }
}
