package dev.merlon.actors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.training.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  @TempDir private Path parent;

  @Test
  void files_ofARun_haveTheNamesThatUsersKnow() {
    RunDirectory run = new RunDirectory(parent);

    assertThat(
            List.of(
                run.settings(),
                run.metrics(),
                run.certificates(),
                run.finalModel(),
                run.startModel(),
                run.bestModel(),
                run.epochModel(7, Weights.TRAINED),
                run.epochModel(1000, Weights.AVERAGED),
                run.report().page(),
                run.report().summary(),
                run.report().measures(),
                run.report().worstCases()))
        .extracting(file -> parent.relativize(file).toString())
        .containsExactly(
            "run.conf",
            "metrics.jsonl",
            "certificates.jsonl",
            "final.onnx",
            "start.onnx",
            "models/best.onnx",
            "models/epoch-007.onnx",
            "models/epoch-1000-averaged.onnx",
            "report/index.html",
            "report/summary.md",
            "report/measures.jsonl",
            "report/worst-cases.jsonl");
  }

  @Test
  void epochModels_modelsOfSeveralKinds_areThoseOfTrainedWeightsInOrder() throws IOException {
    RunDirectory run = new RunDirectory(parent);
    assertThat(run.epochModels()).isEmpty();
    Files.createDirectories(run.models());
    for (int epoch : new int[] {1000, 2, 999}) {
      Files.createFile(run.epochModel(epoch, Weights.TRAINED));
    }
    Files.createFile(run.epochModel(2, Weights.AVERAGED));
    Files.createFile(run.bestModel());

    assertThat(run.epochModels())
        .extracting(RunDirectory.EpochModel::epoch)
        .containsExactly(2, 999, 1000);
  }

  @Test
  void requireUsable_whatAFailedStartLeftBehind_isNoRun() throws IOException {
    RunDirectory run = new RunDirectory(parent);
    Files.createFile(run.log());
    Files.createFile(run.lock());
    Files.createFile(parent.resolve(".lock.holder"));

    run.requireUsable(false);
  }

  @Test
  void requireUsable_anyOtherFile_isRefusedUnlessItIsResumed() throws IOException {
    RunDirectory run = new RunDirectory(parent);
    Files.createFile(parent.resolve("notes.txt"));

    run.requireUsable(true);
    assertThatThrownBy(() -> run.requireUsable(false))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("exists and is not empty");
  }

  @Test
  void open_noSettings_isRefusedWithTheirName() {
    assertThatThrownBy(() -> RunDirectory.open(parent)).hasMessageContaining("holds no run.conf");
    assertThatThrownBy(() -> RunDirectory.open(parent.resolve("none")))
        .hasMessageContaining("There is no run directory");
  }

  @Test
  void undo_directoryThatWasMade_takesAwayWhatWasMissing() throws IOException {
    Path above = parent.resolve("a");
    RunDirectory run = new RunDirectory(above.resolve("b"));
    MadeDirectory made = MadeDirectory.of(run);
    Files.createFile(run.log());

    made.undo();

    assertThat(above).doesNotExist();
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void undo_aRunBegan_keepsIt() throws IOException {
    RunDirectory run = new RunDirectory(parent.resolve("run"));
    MadeDirectory made = MadeDirectory.of(run);
    Files.createFile(run.settings());

    made.undo();

    assertThat(run.settings()).exists();
  }
}
