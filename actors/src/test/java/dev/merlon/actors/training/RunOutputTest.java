package dev.merlon.actors.training;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import dev.merlon.config.failure.Failure;
import dev.merlon.model.checkpoint.EpochSums;
import dev.merlon.model.checkpoint.RunCursor;
import dev.merlon.model.checkpoint.TrainingSnapshot;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.optimize.Adam;
import dev.merlon.model.training.LearnerState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunOutputTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Path FILE = Path.of("step.merlon");
  @TempDir private Path directory;
  private final TestProbe<Checkpointer.Command> checkpointer = KIT.createTestProbe();
  private RunPlan plan;
  private RunOutput output;

  @BeforeEach
  void openOutput() {
    var request = TinyRun.request(TinyRun.settings(), directory, false);
    plan = RunPreparation.prepare(request, TinyRun.parts());
    output = new RunOutput(plan, 2, new Outbox(checkpointer.getRef(), 0));
  }

  @AfterEach
  void closePlan() {
    plan.files().close();
  }

  @AfterAll
  static void stopSystem() {
    KIT.shutdownTestKit();
  }

  @Test
  void offer_notDue_savesNothing() {
    output.offer(snapshot(3));

    checkpointer.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void offer_dueBySteps_saves() {
    output.offer(snapshot(4));

    checkpointer.expectMessage(new Checkpointer.Save(snapshot(4)));
  }

  @Test
  void save_whileOneIsWritten_keepsOnlyTheNewest() {
    output.save(snapshot(1));
    output.save(snapshot(2));
    output.save(snapshot(3));
    checkpointer.expectMessage(new Checkpointer.Save(snapshot(1)));

    output.saved(saved(1));

    checkpointer.expectMessage(new Checkpointer.Save(snapshot(3)));
    output.saved(saved(3));
    checkpointer.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void finish_lastIsSaved_onlyFlushes() {
    output.save(snapshot(4));
    checkpointer.expectMessageClass(Checkpointer.Save.class);

    output.finish(Optional.of(snapshot(4)));

    checkpointer.expectMessage(new Checkpointer.Flush());
  }

  @Test
  void finish_lastCouldNotBeSaved_triesOnceMore() {
    output.save(snapshot(4));
    checkpointer.expectMessageClass(Checkpointer.Save.class);
    output.saveFailed(new Checkpointer.SaveFailed(snapshot(4).cursor(), "full"));

    output.finish(Optional.of(snapshot(4)));

    checkpointer.expectMessage(new Checkpointer.Save(snapshot(4)));
    checkpointer.expectMessage(new Checkpointer.Flush());
  }

  @Test
  void failed_moreThanAllowedInARow_isAFailureOfTheDevice() {
    assertThat(output.failed("full")).isEmpty();
    assertThat(output.failed("full")).isEmpty();
    assertThat(output.failed("full"))
        .hasValueSatisfying(
            failure -> {
              assertThat(failure).isInstanceOf(Failure.Device.class);
              assertThat(failure.message()).contains(directory.toString(), "full");
            });
  }

  @Test
  void failed_withASuccessBetween_countsAnew() {
    output.failed("full");
    output.failed("full");
    output.saved(saved(1));

    assertThat(output.failed("full")).isEmpty();
    assertThat(output.newest()).contains(FILE);
  }

  private static Checkpointer.Saved saved(int step) {
    return new Checkpointer.Saved(new RunCursor(0, step, step), FILE, Duration.ZERO);
  }

  private TrainingSnapshot snapshot(int step) {
    LearnerState state =
        new LearnerState(new ParameterValues(Map.of()), new Adam.State(step, Map.of(), Map.of()));
    return new TrainingSnapshot(
        plan.identity(), new RunCursor(0, step, step), state, EpochSums.EMPTY, 0, Optional.empty());
  }
}
