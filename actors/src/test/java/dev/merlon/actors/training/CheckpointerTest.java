package dev.merlon.actors.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import dev.merlon.actors.CapturedLog;
import dev.merlon.model.checkpoint.EpochSums;
import dev.merlon.model.checkpoint.RunCursor;
import dev.merlon.model.checkpoint.TrainingSnapshot;
import dev.merlon.model.network.Initialiser;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.optimize.Adam;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.training.LearnerState;
import dev.merlon.model.training.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class CheckpointerTest {
  @RegisterExtension private final CapturedLog log = new CapturedLog();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ActorTestKit KIT = ActorTestKit.create();
  @TempDir private Path directory;
  private final TestProbe<Checkpointer.Report> owner = KIT.createTestProbe();
  private final List<Checkpointer.Command> done = new ArrayList<>();
  private RunPlan plan;
  private ParameterValues values;
  private ActorRef<Checkpointer.Command> checkpointer;

  @BeforeEach
  void spawnCheckpointer() {
    var request = TinyRun.request(TinyRun.settings("export.opset=20"), directory, false);
    plan = RunPreparation.prepare(request, TinyRun.parts());
    values = new Initialiser(plan.settings().initialisation()).draw(plan.network(), 1);
    checkpointer = KIT.spawn(Checkpointer.create(plan, owner.getRef()));
  }

  @AfterEach
  void stop() {
    KIT.stop(checkpointer, PATIENCE);
    plan.files().close();
  }

  @AfterAll
  static void stopSystem() {
    KIT.shutdownTestKit();
  }

  @Test
  void commands_ofAllKinds_areDoneInTheirOrder() throws IOException {
    TrainingSnapshot snapshot = snapshot(3);
    checkpointer.tell(new Checkpointer.AppendMetrics("one"));
    checkpointer.tell(new Checkpointer.AppendMetrics("two"));
    checkpointer.tell(new Checkpointer.CutMetrics(4));
    checkpointer.tell(
        new Checkpointer.WriteModel(
            plan.directory().epochModel(1, Weights.TRAINED), values, Weights.TRAINED));
    checkpointer.tell(new Checkpointer.Save(snapshot));
    checkpointer.tell(new Checkpointer.Flush());

    assertThat(report())
        .isEqualTo(new Checkpointer.ModelWritten(plan.directory().epochModel(1, Weights.TRAINED)));
    Checkpointer.Saved saved = (Checkpointer.Saved) report();
    assertThat(report()).isEqualTo(new Checkpointer.Flushed());
    assertThat(done)
        .extracting(command -> command.getClass().getSimpleName())
        .containsExactly("AppendMetrics", "AppendMetrics", "CutMetrics", "WriteModel", "Save");
    assertThat(plan.directory().metrics()).hasContent("one\n");
    assertThat(plan.directory().epochModel(1, Weights.TRAINED)).exists();
    assertThat(saved.cursor()).isEqualTo(snapshot.cursor());
    assertThat(plan.files().checkpoints().newest().found().orElseThrow().snapshot())
        .isEqualTo(snapshot);
  }

  @Test
  void save_folderIsAFile_reportsAndGoesOn() throws IOException {
    log.expectError("Checkpoint of step 3 failed");
    Path folder = directory.resolve("checkpoints");
    Files.writeString(folder, "in the way");
    checkpointer.tell(new Checkpointer.Save(snapshot(3)));
    Checkpointer.SaveFailed failed = (Checkpointer.SaveFailed) report();
    assertThat(failed.cursor().globalStep()).isEqualTo(3);
    Files.delete(folder);

    checkpointer.tell(new Checkpointer.Save(snapshot(4)));

    assertThat(report()).isInstanceOf(Checkpointer.Saved.class);
  }

  @Test
  void writeModel_withASettingForTheOperatorSet_writesThatSet() throws IOException {
    checkpointer.tell(
        new Checkpointer.WriteModel(plan.directory().finalModel(), values, Weights.AVERAGED));

    assertThat(report()).isInstanceOf(Checkpointer.ModelWritten.class);
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(plan.directory().finalModel()));
    assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(20);
    assertThat(model.getIrVersion()).isEqualTo(9);
    assertThat(model.getMetadataPropsList())
        .extracting(StringStringEntryProto::getKey, StringStringEntryProto::getValue)
        .containsExactly(
            tuple("merlon.data", plan.identity().dataDigest()),
            tuple("merlon.format", "2"),
            tuple("merlon.objective", "sabr"),
            tuple("merlon.settings", plan.identity().settingsDigest()),
            tuple("merlon.threats", "linf:0.1"),
            tuple("merlon.weights", "averaged"));
  }

  @Test
  void writeModel_weightsNotFinite_reportsAndWritesNothing() {
    log.expectError("could not be written");
    Map<String, HostTensor> broken = new LinkedHashMap<>(values.tensors());
    broken.replaceAll(
        (name, tensor) -> {
          float[] numbers = tensor.toFloats();
          numbers[0] = Float.NaN;
          return HostTensor.of(numbers, tensor.shape().getShape());
        });

    checkpointer.tell(
        new Checkpointer.WriteModel(
            plan.directory().finalModel(), new ParameterValues(broken), Weights.TRAINED));

    assertThat(report()).isInstanceOf(Checkpointer.WriteFailed.class);
    assertThat(plan.directory().finalModel()).doesNotExist();
  }

  /** The next report that says more than that a command is done. */
  private Checkpointer.Report report() {
    while (true) {
      Checkpointer.Report report = owner.receiveMessage(PATIENCE);
      if (!(report instanceof Checkpointer.Done handled)) {
        return report;
      }
      done.add(handled.command());
    }
  }

  @Test
  void copyModel_targetIsInTheWay_isDoneOnlyWhenWrittenBeforeTheNextCheckpoint()
      throws IOException {
    log.expectError("could not be written");
    Path model = plan.directory().epochModel(1, Weights.TRAINED);
    Files.createDirectories(plan.directory().bestModel().resolve("in the way"));
    checkpointer.tell(new Checkpointer.WriteModel(model, values, Weights.TRAINED));
    checkpointer.tell(new Checkpointer.CopyModel(model, plan.directory().bestModel()));
    assertThat(report()).isInstanceOf(Checkpointer.ModelWritten.class);
    assertThat(report()).isInstanceOf(Checkpointer.WriteFailed.class);
    assertThat(done).hasOnlyElementsOfType(Checkpointer.WriteModel.class);
    Files.delete(plan.directory().bestModel().resolve("in the way"));
    Files.delete(plan.directory().bestModel());

    checkpointer.tell(new Checkpointer.Save(snapshot(3)));

    assertThat(report()).isEqualTo(new Checkpointer.ModelWritten(plan.directory().bestModel()));
    assertThat(report()).isInstanceOf(Checkpointer.Saved.class);
    assertThat(done).hasAtLeastOneElementOfType(Checkpointer.CopyModel.class);
  }

  private TrainingSnapshot snapshot(int step) {
    LearnerState state = new LearnerState(values, new Adam.State(step, Map.of(), Map.of()));
    return new TrainingSnapshot(
        plan.identity(), new RunCursor(0, step, step), state, EpochSums.EMPTY, 4, Optional.empty());
  }
}
