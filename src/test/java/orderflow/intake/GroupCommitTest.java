package orderflow.intake;

import static orderflow.intake.NewOrders.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import orderflow.order.NewOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataIntegrityViolationException;

class GroupCommitTest {

  private final Intake intake = mock();
  private final GroupCommit groupCommit =
      new GroupCommit(intake, new IntakeSettings(1, 50, 10, Duration.ofSeconds(20)));
  private final CountDownLatch gate = new CountDownLatch(1);
  private final List<List<NewOrder>> batches = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void start() {
    when(intake.place(any(), any(), anyBoolean()))
        .thenAnswer(
            call -> {
              List<NewOrder> batch = call.getArgument(0);
              batches.add(batch);
              gate.await();
              if (batch.stream().anyMatch(order -> order.customer().id().equals("bad"))) {
                throw new DataIntegrityViolationException("out of range");
              }
              return batch.stream()
                  .map(order -> (Placement) new Placement.ReferenceReused(order.customer().id()))
                  .toList();
            });
    groupCommit.start();
  }

  @AfterEach
  void stop() {
    gate.countDown();
    groupCommit.stop();
  }

  @Test
  void commitsTogetherWhatArrivesDuringACommit() {
    CompletableFuture<Placement> first = place("first");
    await().until(() -> batches.size() == 1);
    List<CompletableFuture<Placement>> others =
        IntStream.range(0, 10).mapToObj(i -> place("c" + i)).toList();
    await().until(() -> groupCommit.waiting() == 10);
    gate.countDown();

    assertThat(first.join()).isEqualTo(new Placement.ReferenceReused("first"));
    for (int i = 0; i < 10; i++) {
      assertThat(others.get(i).join()).isEqualTo(new Placement.ReferenceReused("c" + i));
    }
    assertThat(batches).extracting(List::size).containsExactly(1, 10);
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

  @Test
  void anOrderTheDatabaseRefusesFailsAlone() {
    place("first");
    await().until(() -> batches.size() == 1);
    CompletableFuture<Placement> bad = place("bad");
    CompletableFuture<Placement> good = place("good");
    await().until(() -> groupCommit.waiting() == 2);
    gate.countDown();

    assertThat(good.join()).isEqualTo(new Placement.ReferenceReused("good"));
    assertThatThrownBy(bad::join).hasCauseInstanceOf(DataIntegrityViolationException.class);
  }

  @Test
  void triesAgainWhatMetAnotherTransaction() {
    gate.countDown();
    Placement placement = new Placement.ReferenceReused("x");
    org.mockito.Mockito.doThrow(new CannotAcquireLockException("deadlock"))
        .doReturn(List.of(placement))
        .when(intake)
        .place(any(), any(), anyBoolean());

    assertThat(groupCommit.place(order("c", null, null))).isEqualTo(placement);
    verify(intake).place(any(), any(), eq(true));
  }

  @Test
  void savesWhatIsWaitingBeforeItStops() {
    CompletableFuture<Placement> first = place("first");
    await().until(() -> batches.size() == 1);
    CompletableFuture<Placement> second = place("second");
    await().until(() -> groupCommit.waiting() == 1);
    CompletableFuture<Void> stop = CompletableFuture.runAsync(groupCommit::stop);
    await().until(() -> !groupCommit.isRunning());
    gate.countDown();

    stop.join();
    assertThat(first.join()).isEqualTo(new Placement.ReferenceReused("first"));
    assertThat(second.join()).isEqualTo(new Placement.ReferenceReused("second"));
  }

  private CompletableFuture<Placement> place(String customer) {
    CompletableFuture<Placement> answer = new CompletableFuture<>();
    Thread request =
        new Thread(
            () -> {
              try {
                answer.complete(groupCommit.place(order(customer, null, null)));
              } catch (RuntimeException e) {
                answer.completeExceptionally(e);
              }
            });
    request.setDaemon(true);
    request.start();
    return answer;
  }
}
