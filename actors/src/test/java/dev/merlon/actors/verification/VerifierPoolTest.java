package dev.merlon.actors.verification;

import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.pattern.StatusReply;
import dev.merlon.actors.CapturedLog;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.model.verify.Outcome;
import dev.merlon.model.verify.Query;
import dev.merlon.model.verify.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class VerifierPoolTest {
  @RegisterExtension private final CapturedLog log = new CapturedLog();
  private static ActorTestKit kit;

  @BeforeAll
  static void startKit() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stopKit() {
    kit.shutdownTestKit();
  }

  @Test
  void verify_moreBatchesThanWorkers_allAnsweredNeverMoreAtOnce() {
    FakeVerifiers fakes = new FakeVerifiers(queries -> {});
    var pool = kit.spawn(VerifierPool.create(fakes, FakeVerifiers.settings(2)));
    List<TestProbe<StatusReply<VerifierPool.Verdicts>>> probes = new ArrayList<>();

    for (int batch = 0; batch < 8; batch++) {
      probes.add(ask(pool, FakeVerifiers.queries(10 * batch, 10 * batch + 3)));
    }

    for (int batch = 0; batch < 8; batch++) {
      List<Verdict> verdicts = answer(probes.get(batch));
      assertThat(verdicts)
          .extracting(verdict -> verdict.property().index())
          .containsExactly(10 * batch, 10 * batch + 1, 10 * batch + 2);
      assertThat(verdicts).allMatch(Verdict::certified);
    }
    assertThat(fakes.mostAtOnce()).isLessThanOrEqualTo(2);
    drain(pool);
    assertThat(fakes.opened()).isEqualTo(2);
    assertThat(fakes.closed()).isEqualTo(2);
  }

  @Test
  void grow_whileBatchesWait_worksOnThemAtOnce() {
    CountDownLatch bothWork = new CountDownLatch(2);
    FakeVerifiers fakes =
        new FakeVerifiers(
            queries -> {
              bothWork.countDown();
              await(bothWork);
            });
    var pool = kit.spawn(VerifierPool.create(fakes, FakeVerifiers.settings(1)));
    var first = ask(pool, FakeVerifiers.queries(0, 1));
    var second = ask(pool, FakeVerifiers.queries(1, 2));

    pool.tell(new VerifierPool.Grow(1));

    assertThat(answer(first)).hasSize(1);
    assertThat(answer(second)).hasSize(1);
    assertThat(fakes.mostAtOnce()).isEqualTo(2);
    drain(pool);
    assertThat(fakes.closed()).isEqualTo(2);
  }

  @Test
  void verify_batchBreaksOnce_triedAgainOnAFreshVerifier() {
    log.expectError("native trouble");
    AtomicInteger calls = new AtomicInteger();
    FakeVerifiers fakes =
        new FakeVerifiers(
            queries -> {
              if (calls.getAndIncrement() == 0) {
                throw new IllegalStateException("native trouble");
              }
            });
    var pool = kit.spawn(VerifierPool.create(fakes, FakeVerifiers.settings(1)));

    LoggingTestKit.warn("A verifier broke")
        .expect(
            kit.system(),
            () -> {
              var first = ask(pool, FakeVerifiers.queries(0, 2));
              assertThat(answer(first)).hasSize(2).allMatch(Verdict::certified);
              return Done.getInstance();
            });

    drain(pool);
    assertThat(calls).hasValue(2);
    assertThat(fakes.opened()).isEqualTo(2);
    assertThat(fakes.closed()).isEqualTo(2);
  }

  @Test
  void verify_batchBreaksTwice_itsQueriesUnknownAndTheModelMarked() {
    log.expectError("poison");
    log.expectError("The model is given up");
    FakeVerifiers fakes =
        new FakeVerifiers(
            queries -> {
              // An error, as a native library raises it.
              throw new LinkageError("poison");
            });
    var pool = kit.spawn(VerifierPool.create(fakes, FakeVerifiers.settings(1)));

    List<Verdict> broken = answer(ask(pool, FakeVerifiers.queries(0, 2)));
    List<Verdict> later = answer(ask(pool, FakeVerifiers.queries(2, 3)));

    assertThat(broken).hasSize(2).allSatisfy(verdict -> assertUnknown(verdict, "failed twice"));
    // One restart is allowed: the second failure was the worker's end.
    assertThat(later).hasSize(1).allSatisfy(verdict -> assertUnknown(verdict, "every verifier"));
    drain(pool);
    assertThat(fakes.opened()).isEqualTo(2);
    assertThat(fakes.closed()).isEqualTo(2);
  }

  @Test
  void verify_modelRefused_everyRequestFailsWithTheFailure() {
    MerlonException refused =
        new MerlonException(new Failure.ModelFormat("not a model", "try another"));
    var pool =
        kit.spawn(
            VerifierPool.create(
                () -> {
                  throw refused;
                },
                FakeVerifiers.settings(2)));

    for (int request = 0; request < 3; request++) {
      var reply = ask(pool, FakeVerifiers.queries(0, 1)).receiveMessage();
      assertThat(reply.isError()).isTrue();
      assertThat(((MerlonException) reply.getError()).failure()).isEqualTo(refused.failure());
    }
    drain(pool);
  }

  @Test
  void verify_queueFull_refusedAtOnce() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    FakeVerifiers fakes = new FakeVerifiers(held(begun, go));
    var pool = kit.spawn(VerifierPool.create(fakes, FakeVerifiers.settings(1)));
    List<TestProbe<StatusReply<VerifierPool.Verdicts>>> accepted = new ArrayList<>();
    accepted.add(ask(pool, FakeVerifiers.queries(0, 1)));
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    for (int waiting = 0; waiting < 8; waiting++) {
      accepted.add(ask(pool, FakeVerifiers.queries(0, 1)));
    }

    var refused = ask(pool, FakeVerifiers.queries(0, 1)).receiveMessage();
    go.countDown();

    assertThat(refused.isError()).isTrue();
    assertThat(accepted).allSatisfy(probe -> assertThat(answer(probe)).hasSize(1));
    drain(pool);
  }

  @Test
  void drain_batchInProgress_finishedWaitingOnesCancelled() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    FakeVerifiers fakes = new FakeVerifiers(held(begun, go));
    var pool = kit.spawn(VerifierPool.create(fakes, FakeVerifiers.settings(1)));
    var inProgress = ask(pool, FakeVerifiers.queries(0, 1));
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    var waiting = ask(pool, FakeVerifiers.queries(1, 2));
    TestProbe<Done> drained = kit.createTestProbe();

    pool.tell(new VerifierPool.Drain(drained.ref()));
    var cancelled = waiting.receiveMessage();
    var late = ask(pool, FakeVerifiers.queries(2, 3)).receiveMessage();
    drained.expectNoMessage();
    go.countDown();

    assertThat(answer(inProgress)).hasSize(1).allMatch(Verdict::certified);
    drained.expectMessage(Done.getInstance());
    assertThat(fakes.closed()).isEqualTo(1);
    for (var refused : List.of(cancelled, late)) {
      assertThat(((MerlonException) refused.getError()).failure())
          .isInstanceOf(Failure.Cancelled.class);
    }
  }

  private static Consumer<List<Query>> held(CountDownLatch begun, CountDownLatch go) {
    return queries -> {
      begun.countDown();
      try {
        assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException(interrupted);
      }
    };
  }

  private static TestProbe<StatusReply<VerifierPool.Verdicts>> ask(
      ActorRef<VerifierPool.Command> pool, List<Query> queries) {
    TestProbe<StatusReply<VerifierPool.Verdicts>> probe = kit.createTestProbe();
    pool.tell(new VerifierPool.Verify(queries, FakeVerifiers.EFFORT, probe.ref()));
    return probe;
  }

  private static List<Verdict> answer(TestProbe<StatusReply<VerifierPool.Verdicts>> probe) {
    return probe.receiveMessage().getValue().verdicts();
  }

  private static void drain(ActorRef<VerifierPool.Command> pool) {
    TestProbe<Done> drained = kit.createTestProbe();
    pool.tell(new VerifierPool.Drain(drained.ref()));
    drained.expectMessage(Done.getInstance());
    drained.expectTerminated(pool);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void assertUnknown(Verdict verdict, String reason) {
    assertThat(verdict.kind()).isEqualTo(Outcome.Kind.UNKNOWN);
    assertThat(verdict.outcome().reason().orElseThrow()).contains(reason);
  }
}
