package dev.merlon.actors.training;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.actors.RunningWork;
import dev.merlon.actors.event.TrainingProgress;
import dev.merlon.config.RunSettings;
import dev.merlon.model.checkpoint.CheckpointStore;
import dev.merlon.model.checkpoint.ThreadCount;
import dev.merlon.model.tensor.TensorRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that end, and go on with other settings. */
class ContinuedRunTest {
  private static final String TINY = "data.train-limit=70;schedule.end-epoch=1;";

  private static ActorTestKit kit;
  private final int threads = TensorRuntime.threads();
  @TempDir private Path directory;
  @TempDir private Path elsewhere;

  @BeforeAll
  static void startSystem() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stopSystem() {
    kit.shutdownTestKit();
  }

  // The engine hands the number of the last run on to threads that it meets later.
  @AfterEach
  void restoreThreads() {
    TensorRuntime.useThreads(threads);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "objective.kind=ibp;optimizer.decay-epochs=1",
        "objective.kind=ibp;optimizer.decay-epochs=[];schedule.ramp=linear",
        "objective.kind=sabr;objective.attack.steps=1;optimizer.warm-up-epochs=1.5",
        "objective.kind=taps;objective.taps.attack.steps=1;objective.taps.attack.restarts=1",
        "objective.kind=ibp;averaging.from-epoch=2",
        "objective.kind=ibp;data.validation=0.2;selection.metric=certified;selection.from-epoch=1",
        "objective.kind=cure-scratch;objective.threats=linf:0.1,l2:0.5;objective.attack.steps=1;"
            + "objective.regions.l2.attack.steps=1"
      })
  void start_finishedRunWithMoreEpochs_endsAsARunBegunWithThem(String kind) throws Exception {
    RunSettings shorter = settings(kind, "epochs=2");
    RunSettings longer = settings(kind, "epochs=3");

    run(shorter, directory, false);
    byte[] before = Files.readAllBytes(directory.resolve("final.onnx"));
    List<String> notices = run(longer, directory, true);
    run(longer, elsewhere, false);

    assertThat(notices).containsExactly("Going on with other settings: epochs was 2, is now 3");
    assertThat(models(directory)).isEqualTo(models(elsewhere)).hasSizeGreaterThan(3);
    for (String model : models(elsewhere)) {
      assertThat(directory.resolve(model)).hasSameBinaryContentAs(elsewhere.resolve(model));
    }
    assertThat(directory.resolve("final.onnx"))
        .satisfies(file -> assertThat(Files.readAllBytes(file)).isNotEqualTo(before));
    assertThat(directory.resolve("run.conf")).hasContent(longer.render());
    assertThat(metrics())
        .extracting(line -> line.path("event").asText())
        .containsExactly("epoch", "epoch", "resumed", "epoch");
    assertThat(metrics().get(2).at("/settings/epochs/now").asText()).isEqualTo("3");
  }

  @Test
  void start_longerRunThatIsStoppedAtOnce_keepsNothingOfTheShortersEnd() throws Exception {
    run(settings("", "epochs=1"), directory, false);
    Files.writeString(directory.resolve("certificates.jsonl"), "{}");
    Files.createDirectories(directory.resolve("report/figures"));
    for (String file :
        List.of("report/index.html", "report/summary.md", "report/figures/loss.svg")) {
      Files.writeString(directory.resolve(file), "of one epoch");
    }

    RunPreparation.prepare(
            TinyRun.request(settings("", "epochs=2"), directory, true), TinyRun.parts())
        .files()
        .close();

    assertThat(directory.resolve("models/epoch-001.onnx")).exists();
    for (String file :
        List.of(
            "final.onnx",
            "certificates.jsonl",
            "report/index.html",
            "report/summary.md",
            "report/figures/loss.svg")) {
      assertThat(directory.resolve(file)).doesNotExist();
    }
  }

  @Test
  void start_otherThreads_goesOnSaysSoAndRecordsIt() throws Exception {
    run(settings("device.threads=1", "epochs=1"), directory, false);

    List<String> notices = run(settings("device.threads=2", "epochs=2"), directory, true);

    assertThat(notices)
        .hasSize(2)
        .anyMatch(
            text ->
                text.contains(
                    "2 threads, before there were 1: results will differ in their last bits"));
    JsonNode resumed = metrics().get(1);
    assertThat(resumed.path("event").asText()).isEqualTo("resumed");
    assertThat(resumed.at("/threads/then").asInt()).isEqualTo(1);
    assertThat(resumed.at("/threads/now").asInt()).isEqualTo(2);
    var newest = new CheckpointStore(directory.resolve("checkpoints"), 2).newest().found();
    assertThat(newest.orElseThrow().snapshot().identity().threads())
        .containsExactly(new ThreadCount(0, 1), new ThreadCount(3, 2));
  }

  private static RunSettings settings(String kind, String epochs) {
    List<String> overrides = new ArrayList<>();
    Arrays.stream((TINY + epochs + ";" + kind).split(";", -1))
        .filter(override -> !override.isEmpty())
        .forEach(overrides::add);
    return TinyRun.objective(overrides.toArray(String[]::new));
  }

  private static List<String> run(RunSettings settings, Path directory, boolean resume)
      throws Exception {
    List<TrainingProgress> progress = new CopyOnWriteArrayList<>();
    RunningWork<TrainingOutcome> handle =
        TrainingService.start(
            kit.system(),
            TinyRun.request(settings, directory, resume),
            progress::add,
            TinyRun.parts());
    assertThat(handle.result().toCompletableFuture().get(240, TimeUnit.SECONDS))
        .isInstanceOf(TrainingOutcome.Completed.class);
    return progress.stream()
        .filter(TrainingProgress.Noticed.class::isInstance)
        .map(TrainingProgress.Noticed.class::cast)
        .map(TrainingProgress.Noticed::message)
        .toList();
  }

  private static List<String> models(Path run) throws IOException {
    try (var files = Files.walk(run)) {
      return files
          .filter(file -> file.toString().endsWith(".onnx"))
          .map(file -> run.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private List<JsonNode> metrics() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve("metrics.jsonl"))) {
      lines.add(new ObjectMapper().readTree(line));
    }
    lines.removeIf(line -> line.path("event").asText().equals("step"));
    return lines;
  }
}
