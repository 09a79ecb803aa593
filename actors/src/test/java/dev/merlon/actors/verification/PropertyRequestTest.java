package dev.merlon.actors.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import dev.merlon.actors.CapturedLog;
import dev.merlon.actors.RunningWork;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.vnnlib.VnnLib;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PropertyRequestTest {
  private static final VnnLibProperty PROPERTY =
      VnnLib.parse(
          """
          (declare-const X_0 Real)
          (declare-const Y_0 Real)
          (assert (>= X_0 0))
          (assert (<= X_0 1))
          (assert (<= Y_0 0))
          """,
          "tiny.vnnlib");

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
  void start_openModel_answersAndClosesItAtTheEnd() {
    FakeVerifiers fakes = new FakeVerifiers(queries -> {});

    assertThat(answer(fakes)).contains(FakeVerifiers.EXCLUDED);
    assertThat(fakes.opened()).isEqualTo(1).isEqualTo(fakes.closed());
  }

  @Test
  void cancel_whileAVerifierIsAtWork_noAnswerAlthoughItSaysTimeout() {
    AtomicInteger begun = new AtomicInteger();
    FakeVerifiers fakes = new FakeVerifiers(queries -> begun.incrementAndGet()).untilStopped();

    try (Certification certification = certification()) {
      RunningWork<Optional<Outcome>> work = start(certification, fakes);
      while (begun.get() == 0) {
        Thread.onSpinWait();
      }
      assertThat(work.stop().toCompletableFuture().join()).isEmpty();
    }
    assertThat(fakes.opened()).isEqualTo(fakes.closed());
  }

  @Test
  void start_modelThatTakesLongerToOpenThanThereIsTime_isTimeout() {
    CountDownLatch answered = new CountDownLatch(1);
    FakeVerifiers fakes = new FakeVerifiers(queries -> {});
    ServedModel slow =
        new ServedModel(
            "slow",
            1,
            () -> {
              awaited(answered);
              return fakes.open();
            },
            Optional.empty());

    Certification certification = new Certification(kit.system(), FakeVerifiers.impatient(1));
    Optional<Outcome> answer =
        certification
            .start(PROPERTY, FakeVerifiers.EFFORT, slow, OptionalLong.of(System.nanoTime()))
            .result()
            .toCompletableFuture()
            .join();
    answered.countDown();
    certification.close();

    assertThat(answer.map(Outcome::kind)).contains(Outcome.Kind.TIMEOUT);
    assertThat(answer.flatMap(Outcome::reason))
        .hasValueSatisfying(why -> assertThat(why).startsWith("time is up"));
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  @Test
  void start_whatBreaksTheVerifier_isAFailureAndNoAnswer() {
    log.expectError("A verifier broke");
    FakeVerifiers fakes = new FakeVerifiers(failing(new IllegalStateException("it broke")));

    assertThatThrownBy(() -> answer(fakes))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("The property breaks verifiers")
        .hasMessageContaining("it broke");
  }

  @Test
  void start_whatCannotBeAsked_isRefusedInItsOwnWordsAndBreaksNothing() {
    Failure unfit = new Failure.Data("tiny declares 2 inputs", "Name the model.");
    FakeVerifiers fakes = new FakeVerifiers(failing(new MerlonException(unfit)));

    assertThatThrownBy(() -> answer(fakes))
        .cause()
        .isInstanceOfSatisfying(
            MerlonException.class, refused -> assertThat(refused.failure()).isEqualTo(unfit));
    assertThat(fakes.opened()).isEqualTo(1);
  }

  private static Consumer<List<Query>> failing(RuntimeException failure) {
    return queries -> {
      throw failure;
    };
  }

  private static Optional<Outcome> answer(FakeVerifiers fakes) {
    try (Certification certification = certification()) {
      return start(certification, fakes).result().toCompletableFuture().join();
    }
  }

  private static RunningWork<Optional<Outcome>> start(
      Certification certification, FakeVerifiers fakes) {
    return certification.start(
        PROPERTY, FakeVerifiers.EFFORT, fakes.model("a"), OptionalLong.empty());
  }

  private static Certification certification() {
    return new Certification(kit.system(), FakeVerifiers.settings(1));
  }
}
