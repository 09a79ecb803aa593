package dev.merlon.actors.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import dev.merlon.actors.CapturedLog;
import dev.merlon.model.checkpoint.RunCursor;
import dev.merlon.model.checkpoint.Tally;
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
import java.util.LinkedHashMap;
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
  private RunPlan plan;
  private ParameterValues values;
  private ActorRef<Checkpointer.Command> checkpointer;

  @BeforeEach
  void spawnCheckpointer() {
    var request = TinyRun.request(TinyRun.settings("export.opset=20"), directory, false);
    plan = RunPreparation.prepare(request, TinyRun.parts(RunParts.standard().worker()));
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
            plan.files().epochModel(1, Weights.TRAINED), values, Weights.TRAINED));
    checkpointer.tell(new Checkpointer.Save(snapshot));
    checkpointer.tell(new Checkpointer.Flush());

    owner.expectMessage(
        PATIENCE, new Checkpointer.ModelWritten(plan.files().epochModel(1, Weights.TRAINED)));
    Checkpointer.Saved saved = owner.expectMessageClass(Checkpointer.Saved.class, PATIENCE);
    owner.expectMessage(PATIENCE, new Checkpointer.Flushed());
    assertThat(plan.files().metrics()).hasContent("one\n");
    assertThat(plan.files().epochModel(1, Weights.TRAINED)).exists();
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
    Checkpointer.SaveFailed failed =
        owner.expectMessageClass(Checkpointer.SaveFailed.class, PATIENCE);
    assertThat(failed.cursor().globalStep()).isEqualTo(3);
    Files.delete(folder);

    checkpointer.tell(new Checkpointer.Save(snapshot(4)));

    owner.expectMessageClass(Checkpointer.Saved.class, PATIENCE);
  }

  @Test
  void writeModel_withASettingForTheOperatorSet_writesThatSet() throws IOException {
    checkpointer.tell(
        new Checkpointer.WriteModel(plan.files().finalModel(), values, Weights.AVERAGED));

    owner.expectMessageClass(Checkpointer.ModelWritten.class, PATIENCE);
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(plan.files().finalModel()));
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
            plan.files().finalModel(), new ParameterValues(broken), Weights.TRAINED));

    owner.expectMessageClass(Checkpointer.WriteFailed.class, PATIENCE);
    assertThat(plan.files().finalModel()).doesNotExist();
  }

  private TrainingSnapshot snapshot(int step) {
    LearnerState state = new LearnerState(values, new Adam.State(step, Map.of(), Map.of()));
    return new TrainingSnapshot(
        plan.identity(), new RunCursor(0, step, step), state, Tally.EMPTY, 4, Optional.empty());
  }
}
