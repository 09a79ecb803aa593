package dev.merlon.actors.training;

import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.pattern.StatusReply;
import dev.merlon.actors.device.AttackedHandle;
import dev.merlon.actors.device.DeviceWorker;
import dev.merlon.actors.training.AttackSearcher.Attacked;
import dev.merlon.config.CheckpointSettings;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.optimize.Adam;
import dev.merlon.model.optimize.Schedules;
import dev.merlon.model.training.LearnerState;
import dev.merlon.model.training.StepLosses;
import dev.merlon.model.training.StepReport;
import dev.merlon.streams.InStep;
import dev.merlon.streams.StepContext;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BoundPropagatorTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Schedules SCHEDULES = Schedules.of(TinyRun.settings(), 5);
  private static final StepLosses LOSSES = new StepLosses(1.5, 1, 2, 0.25, 32, 20, 10);
  private static final LearnerState STATE =
      new LearnerState(new ParameterValues(Map.of()), new Adam.State(1, Map.of(), Map.of()));

  private TestProbe<DeviceWorker.Command> worker;
  private TestProbe<AttackSearcher.Command> searcher;
  private TestProbe<StatusReply<StepCompleted>> stage;
  private ActorRef<BoundPropagator.Command> propagator;

  @BeforeEach
  void spawnPropagator() {
    worker = KIT.createTestProbe();
    searcher = KIT.createTestProbe();
    stage = KIT.createTestProbe();
    var never = new CheckpointSettings(Duration.ZERO, 0, 1);
    propagator =
        KIT.spawn(
            BoundPropagator.create(
                ProbedStage.of(KIT, Roles.WORKER, worker),
                ProbedStage.of(KIT, Roles.SEARCHER, searcher),
                SCHEDULES,
                new SnapshotCadence(3, never, 5, System::nanoTime),
                Duration.ofSeconds(30)));
  }

  @AfterAll
  static void stopSystem() {
    KIT.shutdownTestKit();
  }

  @Test
  void propagate_step_commitsInOrderAndReleasesTheNextSearch() {
    propagate(6);
    DeviceWorker.Forward forward = worker.expectMessageClass(DeviceWorker.Forward.class);
    assertThat(forward.phase()).isEqualTo(SCHEDULES.phase(6));
    forward.replyTo().tell(StatusReply.success(LOSSES));
    worker
        .expectMessageClass(DeviceWorker.Backward.class)
        .replyTo()
        .tell(StatusReply.success(Done.done()));
    searcher.expectNoMessage(Duration.ofMillis(50));
    worker
        .expectMessageClass(DeviceWorker.ApplyUpdate.class)
        .replyTo()
        .tell(StatusReply.success(new StepReport(3, 7)));

    searcher.expectMessage(new AttackSearcher.UpdatesCommitted(7));
    StepCompleted step = stage.receiveMessage().getValue();
    assertThat(step.losses()).isEqualTo(LOSSES);
    assertThat(step.state()).isEmpty();
    assertThat(step.elapsed()).isGreaterThan(Duration.ofSeconds(2));
  }

  @Test
  void propagate_snapshotDue_takesItBeforeAnyoneHearsOfTheCommit() {
    propagate(8);
    answerUntilUpdate();

    DeviceWorker.TakeSnapshot snapshot = worker.expectMessageClass(DeviceWorker.TakeSnapshot.class);
    searcher.expectNoMessage(Duration.ofMillis(50));
    snapshot.replyTo().tell(StatusReply.success(STATE));

    searcher.expectMessage(new AttackSearcher.UpdatesCommitted(9));
    assertThat(stage.receiveMessage().getValue().state()).contains(STATE);
  }

  @Test
  void propagate_backwardFails_abandonsAndCommitsNothing() {
    propagate(6);
    worker
        .expectMessageClass(DeviceWorker.Forward.class)
        .replyTo()
        .tell(StatusReply.success(LOSSES));
    worker
        .expectMessageClass(DeviceWorker.Backward.class)
        .replyTo()
        .tell(StatusReply.error(new IllegalStateException("planted")));

    worker.expectMessageClass(DeviceWorker.Abandon.class);
    assertThat(stage.receiveMessage().getError()).hasMessage("planted");
    searcher.expectNoMessage(Duration.ofMillis(50));
  }

  private void propagate(int globalStep) {
    Attacked attacked = new Attacked(new AttackedHandle("cpu", 1, 4), Duration.ofSeconds(2));
    StepContext context = new StepContext("run", globalStep / 5, globalStep % 5, globalStep, 1);
    propagator.tell(new BoundPropagator.Propagate(new InStep<>(context, attacked), stage.getRef()));
  }

  private void answerUntilUpdate() {
    worker
        .expectMessageClass(DeviceWorker.Forward.class)
        .replyTo()
        .tell(StatusReply.success(LOSSES));
    worker
        .expectMessageClass(DeviceWorker.Backward.class)
        .replyTo()
        .tell(StatusReply.success(Done.done()));
    worker
        .expectMessageClass(DeviceWorker.ApplyUpdate.class)
        .replyTo()
        .tell(StatusReply.success(new StepReport(3, 9)));
  }
}
