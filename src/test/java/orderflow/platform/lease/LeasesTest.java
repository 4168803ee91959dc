package orderflow.platform.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class LeasesTest {

  private static DataSource database;

  private final JdbcTemplate jdbc = new JdbcTemplate(database);
  private final AtomicLong nanoTime = new AtomicLong();
  private final Instance one = instance();
  private final Instance other = instance();
  private final Leases leasesOfOne = new Leases(jdbc, one);
  private final Leases leasesOfOther = new Leases(jdbc, other);

  @BeforeAll
  static void makeDatabase() {
    database = FreshDatabase.named("leases");
  }

  @BeforeEach
  void begin() {
    jdbc.update("delete from lease");
    jdbc.update("delete from instance");
    one.beat();
    other.beat();
  }

  @Test
  void givesALeaseToOneThreadOfOneInstance() {
    Lease lease = leasesOfOne.take("work");

    assertThat(lease).isNotNull();
    assertThat(lease.isHeld()).isTrue();
    assertThat(leasesOfOne.take("work")).isNull();
    assertThat(leasesOfOther.take("work")).isNull();
    assertThat(leasesOfOther.take("other work")).isNotNull();
    assertThat(leasesOfOther.holder("work")).map(Leases.Holder::instance).isPresent();
  }

  @Test
  void aReleasedLeaseIsFreeAtOnce() {
    Lease lease = leasesOfOne.take("work");
    lease.close();

    assertThat(lease.isHeld()).isFalse();
    assertThat(leasesOfOther.take("work")).isNotNull();
  }

  @Test
  void aGrantThatWasLostOnItsWayHoldsUpNobody() {
    jdbc.update("insert into lease (name, holder) values ('work', ?)", one.term().id());

    assertThat(leasesOfOther.take("work")).isNull();
    Lease lease = leasesOfOne.take("work");

    assertThat(lease).isNotNull();
    assertThat(lease.isHeld()).isTrue();
    assertThat(leasesOfOne.take("work")).isNull();
  }

  @Test
  void anInstanceThatStopsLeavesItsLeasesFree() {
    leasesOfOne.take("work");
    one.end();

    assertThat(leasesOfOther.holder("work")).isEmpty();
    assertThat(leasesOfOther.take("work")).isNotNull();
  }

  @Test
  void aSilentInstanceLosesItsLeasesAfterTheDuration() {
    Lease lease = leasesOfOne.take("work");

    beats(other, 6);
    assertThat(leasesOfOther.take("work")).as("after 5 s").isNull();

    beats(other, 2);
    assertThat(lease.isHeld()).isFalse();
    assertThat(leasesOfOther.take("work")).as("after 7 s").isNotNull();
  }

  @Test
  void anInstanceThatBeatsKeepsItsLeases() {
    Lease lease = leasesOfOne.take("work");

    for (int second = 0; second < 20; second++) {
      beats(one, 1);
      other.beat();
    }

    assertThat(lease.isHeld()).isTrue();
    assertThat(leasesOfOther.take("work")).isNull();
  }

  @Test
  void anInstanceKnowsThatItsTermIsOverBeforeAnotherCanTakeOver() {
    Lease lease = leasesOfOne.take("work");
    nanoTime.addAndGet(Duration.ofSeconds(6).toNanos());

    assertThat(lease.isHeld()).isFalse();
    assertThat(one.term()).isNull();
    assertThat(leasesOfOne.take("more work")).isNull();
    assertThat(leasesOfOther.holder("work")).as("no one else has looked yet").isPresent();
  }

  @Test
  void anInstanceThatWakesUpGoesOnInANewTermWithoutItsOldLeases() {
    Lease lease = leasesOfOne.take("work");
    long before = one.term().id();
    beats(other, 8);
    one.beat();

    assertThat(one.term().id()).isGreaterThan(before);
    assertThat(lease.isHeld()).isFalse();
    assertThatThrownBy(() -> inTransaction(lease::confirm)).isInstanceOf(LeaseLost.class);
    assertThat(leasesOfOne.take("work").number()).isGreaterThan(lease.number());
  }

  @Test
  void afterAnOutageOfTheDatabaseEverybodyHasTimeToComeBack() {
    Lease lease = leasesOfOne.take("work");
    other.beat();
    nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());
    other.beat();
    assertThat(lease.isHeld()).as("while nothing is known").isFalse();

    one.beat();
    beats(other, 3);
    assertThat(leasesOfOther.take("work")).isNull();
    assertThat(lease.isHeld()).as("who gave it up has to take it again").isFalse();
    assertThat(leasesOfOne.take("work").number()).isGreaterThan(lease.number());
  }

  @Test
  void aConfirmedLeaseCannotBeTakenOverUntilTheTransactionEnds() {
    Lease lease = leasesOfOne.take("work");
    inTransaction(
        () -> {
          lease.confirm();
          assertThat(leasesOfOther.take("work")).as("and nobody waits for it").isNull();
        });
  }

  private void beats(Instance instance, int seconds) {
    for (int second = 0; second < seconds; second++) {
      nanoTime.addAndGet(Duration.ofSeconds(1).toNanos());
      instance.beat();
    }
  }

  private void inTransaction(Runnable work) {
    new TransactionTemplate(new DataSourceTransactionManager(database))
        .executeWithoutResult(status -> work.run());
  }

  private Instance instance() {
    return new Instance(new JdbcTemplate(database), Duration.ofSeconds(6), nanoTime::get);
  }
}
