package dev.merlon.actors.training;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.pattern.StatusReply;
import dev.merlon.actors.device.AttackedHandle;
import dev.merlon.actors.device.DeviceWorker;
import dev.merlon.actors.training.AttackSearcher.Attacked;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.Batch;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.data.SampleOrder.Cursor;
import dev.merlon.model.optimize.Schedules;
import dev.merlon.streams.InStep;
import dev.merlon.streams.StepContext;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AttackSearcherTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Schedules SCHEDULES = Schedules.of(TinyRun.settings(), 5);
  private static final AttackedHandle HANDLE = new AttackedHandle("cpu", 1, 1);

  private TestProbe<DeviceWorker.Command> worker;
  private TestProbe<StatusReply<Attacked>> stage;

  @BeforeEach
  void createProbes() {
    worker = KIT.createTestProbe();
    stage = KIT.createTestProbe();
  }

  @AfterAll
  static void stopSystem() {
    KIT.shutdownTestKit();
  }

  @Test
  void searchStep_weightsAreThere_searchesAtOnceWithItsPhase() {
    ActorRef<AttackSearcher.Command> searcher = searcher(7, Duration.ofSeconds(30));

    searcher.tell(new AttackSearcher.SearchStep(batch(7), stage.getRef()));

    DeviceWorker.Search search = worker.expectMessageClass(DeviceWorker.Search.class);
    assertThat(search.phase()).isEqualTo(SCHEDULES.phase(7));
    search.replyTo().tell(StatusReply.success(HANDLE));
    assertThat(stage.receiveMessage().getValue().handle()).isEqualTo(HANDLE);
  }

  @Test
  void searchStep_updateBeforeItMissing_waitsForTheCommit() {
    ActorRef<AttackSearcher.Command> searcher = searcher(6, Duration.ofSeconds(30));

    searcher.tell(new AttackSearcher.SearchStep(batch(7), stage.getRef()));
    worker.expectNoMessage(Duration.ofMillis(50));
    searcher.tell(new AttackSearcher.UpdatesCommitted(7));

    worker.expectMessageClass(DeviceWorker.Search.class);
  }

  @Test
  void searchStep_failsOnce_isTriedAgain() {
    searcher(0, Duration.ofSeconds(30))
        .tell(new AttackSearcher.SearchStep(batch(0), stage.getRef()));

    answerWith(new IllegalStateException("planted"));
    worker
        .expectMessageClass(DeviceWorker.Search.class)
        .replyTo()
        .tell(StatusReply.success(HANDLE));

    assertThat(stage.receiveMessage().isSuccess()).isTrue();
  }

  @Test
  void searchStep_failsTwice_failsTheStepWithItsReason() {
    searcher(0, Duration.ofSeconds(30))
        .tell(new AttackSearcher.SearchStep(batch(0), stage.getRef()));

    answerWith(new IllegalStateException("first"));
    answerWith(new IllegalStateException("second"));

    assertThat(stage.receiveMessage().getError()).hasMessage("second");
  }

  @Test
  void searchStep_numericFailure_isNotTriedAgain() {
    MerlonException numeric = new MerlonException(new Failure.Numeric("not a number", "lower it"));
    searcher(0, Duration.ofSeconds(30))
        .tell(new AttackSearcher.SearchStep(batch(0), stage.getRef()));

    answerWith(numeric);

    assertThat(stage.receiveMessage().getError()).isSameAs(numeric);
    worker.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void searchStep_deviceSilent_failsByTimeoutAndIsNotTriedAgain() {
    searcher(0, Duration.ofMillis(100))
        .tell(new AttackSearcher.SearchStep(batch(0), stage.getRef()));

    worker.expectMessageClass(DeviceWorker.Search.class);

    assertThat(stage.receiveMessage().getError())
        .isInstanceOfSatisfying(
            MerlonException.class,
            late -> {
              assertThat(late.failure()).isInstanceOf(Failure.Device.class);
              assertThat(late).hasMessageContaining("The device worker did not answer within");
            });
    worker.expectNoMessage(Duration.ofMillis(50));
  }

  private ActorRef<AttackSearcher.Command> searcher(long committed, Duration timeout) {
    return KIT.spawn(
        AttackSearcher.create(
            ProbedStage.of(KIT, Roles.WORKER, worker), SCHEDULES, committed, timeout));
  }

  private void answerWith(Throwable problem) {
    worker.expectMessageClass(DeviceWorker.Search.class).replyTo().tell(StatusReply.error(problem));
  }

  private static InStep<Batch> batch(int globalStep) {
    int epoch = globalStep / 5;
    int step = globalStep % 5;
    Batch batch =
        new Batch(
            new Cursor(epoch, step),
            globalStep,
            new ImageShape(1, 1, 1),
            new float[] {0.5f},
            new int[] {0});
    return new InStep<>(new StepContext("run", epoch, step, globalStep, 1), batch);
  }
}
