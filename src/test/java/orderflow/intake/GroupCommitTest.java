package orderflow.intake;

import static orderflow.intake.NewOrders.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import orderflow.order.NewOrder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.UncategorizedSQLException;

class GroupCommitTest {

  private final Intake intake = mock();
  private final GroupCommit groupCommit =
      new GroupCommit(
          intake,
          new IntakeSettings(1, 50, 10, Duration.ofSeconds(60)),
          new PlacementCounts(new SimpleMeterRegistry()));
  private final Map<String, Throwable> thrownFor =
      Map.of(
          "bad",
          new DataIntegrityViolationException("out of range"),
          "unforeseen",
          new IllegalArgumentException("No enum constant"),
          "error",
          new StackOverflowError("too deep"),
          "taken",
          new ConcurrencyFailureException("a reference was taken meanwhile"),
          "locked",
          new UncategorizedSQLException("insert", null, new SQLException("lock timeout", "55P03")),
          "away",
          new DataAccessResourceFailureException("connection refused"));

  private final CountDownLatch gate = new CountDownLatch(1);
  private final CountDownLatch second = new CountDownLatch(1);
  private final List<List<NewOrder>> batches = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void start() {
    when(intake.place(any(), any(), any(), anyBoolean()))
        .thenAnswer(
            call -> {
              List<NewOrder> batch = call.getArgument(1);
              batches.add(batch);
              gate.await();
              for (NewOrder order : batch) {
                Throwable thrown = thrownFor.get(order.customer().id());
                if (thrown != null) {
                  throw thrown;
                }
              }
              return batch.stream()
                  .map(
                      order ->
                          (PlacementResult)
                              new PlacementResult.ReferenceReused(order.customer().id()))
                  .toList();
            });
    groupCommit.start();
  }

  @AfterEach
  void stop() {
    gate.countDown();
    second.countDown();
    groupCommit.stop();
  }

  @Test
  void commitsTogetherWhatArrivesDuringACommit() {
    CompletableFuture<PlacementResult> first = place("first");
    await().until(() -> batches.size() == 1);
    List<CompletableFuture<PlacementResult>> others =
        IntStream.range(0, 10).mapToObj(i -> place("c" + i)).toList();
    await().until(() -> groupCommit.waiting() == 10);
    gate.countDown();

    assertThat(first.join()).isEqualTo(new PlacementResult.ReferenceReused("first"));
    for (int i = 0; i < 10; i++) {
      assertThat(others.get(i).join()).isEqualTo(new PlacementResult.ReferenceReused("c" + i));
    }
    assertThat(batches).extracting(List::size).containsExactly(1, 10);
  }

  @Test
  void anOrderThatComesAloneIsCommittedByTheThreadOfItsRequest() {
    AtomicReference<Thread> committing = new AtomicReference<>();
    doAnswer(
            call -> {
              committing.set(Thread.currentThread());
              return List.of(new PlacementResult.ReferenceReused("alone"));
            })
        .when(intake)
        .place(any(), any(), any(), anyBoolean());

    groupCommit.place(order("alone", null, null));

    assertThat(committing).hasValue(Thread.currentThread());
  }

  @Test
  void turnsAwayWhatItsQueueCannotHold() {
    place("first");
    await().until(() -> batches.size() == 1);
    IntStream.range(0, 10).forEach(i -> place("c" + i));
    await().until(() -> groupCommit.waiting() == 10);

    assertThatThrownBy(() -> groupCommit.place(order("one too many", null, null)))
        .isInstanceOf(Overloaded.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bad", "unforeseen", "error", "taken", "locked"})
  void anOrderThatCannotBePlacedFailsAlone(String culprit) {
    place("first");
    await().until(() -> batches.size() == 1);
    CompletableFuture<PlacementResult> before = place("before");
    await().until(() -> groupCommit.waiting() == 1);
    CompletableFuture<PlacementResult> bad = place(culprit);
    await().until(() -> groupCommit.waiting() == 2);
    CompletableFuture<PlacementResult> after = place("after");
    await().until(() -> groupCommit.waiting() == 3);
    gate.countDown();

    assertThat(before.join()).isEqualTo(new PlacementResult.ReferenceReused("before"));
    assertThat(after.join()).isEqualTo(new PlacementResult.ReferenceReused("after"));
    assertThatThrownBy(bad::join).hasRootCause(rootCause(thrownFor.get(culprit)));
  }

  @Test
  void aLockedCouponIsWaitedForOnceAndNotByEachOfItsOrders() {
    place("first");
    await().until(() -> batches.size() == 1);
    List<CompletableFuture<PlacementResult>> locked =
        IntStream.range(0, 5).mapToObj(i -> place("locked", "TEN")).toList();
    await().until(() -> groupCommit.waiting() == 5);
    CompletableFuture<PlacementResult> other = place("other", "FIVE");
    await().until(() -> groupCommit.waiting() == 6);
    gate.countDown();

    assertThat(other.join()).isEqualTo(new PlacementResult.ReferenceReused("other"));
    locked.forEach(order -> assertThatThrownBy(order::join).hasRootCauseMessage("lock timeout"));
    assertThat(batches).extracting(List::size).containsExactly(1, 6, 1, 1);
  }

  @Test
  void aDatabaseThatIsAwayFailsABatchInOneAttempt() {
    place("first");
    await().until(() -> batches.size() == 1);
    CompletableFuture<PlacementResult> one = place("away");
    CompletableFuture<PlacementResult> other = place("other");
    await().until(() -> groupCommit.waiting() == 2);
    gate.countDown();

    for (CompletableFuture<PlacementResult> order : List.of(one, other)) {
      assertThatThrownBy(order::join).hasCauseInstanceOf(DataAccessResourceFailureException.class);
    }
    assertThat(batches).extracting(List::size).containsExactly(1, 2);
  }

  private static Throwable rootCause(Throwable failure) {
    return failure.getCause() == null ? failure : failure.getCause();
  }

  /** The lock of a coupon, most likely: it has been waited for once, and that is enough. */
  @Test
  void ordersWithoutACouponGoOnWhenALockIsNotToBeHad() {
    RuntimeException locked =
        new CannotAcquireLockException("locked", new SQLException("canceling", "55P03"));
    gate.countDown();
    doAnswer(
            call -> {
              List<NewOrder> batch = call.getArgument(1);
              batches.add(batch);
              second.await();
              if (batch.stream().anyMatch(order -> order.couponCode() != null)) {
                throw locked;
              }
              return batch.stream()
                  .map(
                      order ->
                          (PlacementResult)
                              new PlacementResult.ReferenceReused(order.customer().id()))
                  .toList();
            })
        .when(intake)
        .place(any(), any(), any(), anyBoolean());
    place("first");
    await().until(() -> batches.size() == 1);
    CompletableFuture<PlacementResult> with =
        CompletableFuture.supplyAsync(() -> groupCommit.place(order("with", "C", null)));
    CompletableFuture<PlacementResult> without = place("without");
    await().until(() -> groupCommit.waiting() == 2);
    second.countDown();

    assertThat(without.join()).isEqualTo(new PlacementResult.ReferenceReused("without"));
    assertThatThrownBy(with::join).hasCause(locked);
    assertThat(batches).extracting(List::size).startsWith(1, 2, 1);
  }

  @Test
  void triesAgainWhatMetAnotherTransaction() {
    gate.countDown();
    PlacementResult placement = new PlacementResult.ReferenceReused("x");
    org.mockito.Mockito.doThrow(new CannotAcquireLockException("deadlock"))
        .doReturn(List.of(placement))
        .when(intake)
        .place(any(), any(), any(), anyBoolean());

    assertThat(groupCommit.place(order("c", null, null))).isEqualTo(placement);
    verify(intake).place(any(), any(), any(), eq(true));
  }

  @Test
  void savesWhatIsWaitingBeforeItStops() {
    CompletableFuture<PlacementResult> first = place("first");
    await().until(() -> batches.size() == 1);
    CompletableFuture<PlacementResult> second = place("second");
    await().until(() -> groupCommit.waiting() == 1);
    CompletableFuture<Void> stop = CompletableFuture.runAsync(groupCommit::stop);
    await().until(() -> !groupCommit.isRunning());
    gate.countDown();

    stop.join();
    assertThat(first.join()).isEqualTo(new PlacementResult.ReferenceReused("first"));
    assertThat(second.join()).isEqualTo(new PlacementResult.ReferenceReused("second"));
  }

  private CompletableFuture<PlacementResult> place(String customer) {
    return place(customer, null);
  }

  private CompletableFuture<PlacementResult> place(String customer, @Nullable String coupon) {
    CompletableFuture<PlacementResult> answer = new CompletableFuture<>();
    Thread request =
        new Thread(
            () -> {
              try {
                answer.complete(groupCommit.place(order(customer, coupon, null)));
              } catch (RuntimeException e) {
                answer.completeExceptionally(e);
              }
            });
    request.setDaemon(true);
    request.start();
    return answer;
  }
}
