package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.proto.Digests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training that starts from a model, a run or a checkpoint. */
class TrainFromTest {
  /** The demo made small: two steps an epoch. */
  private static final List<String> SMALL =
      List.of(
          "batch-size=32",
          "data.train-limit=64",
          "data.test-limit=2",
          "evaluation.threats=linf:0.1",
          "evaluation.attack.steps=1",
          "optimizer.decay-epochs=[]",
          "evaluation.rungs=ibp",
          "checkpoint.every-steps=1",
          "checkpoint.keep=20",
          "schedule.start-epoch=0",
          "schedule.end-epoch=0");

  private static final List<String> BASE =
      List.of("name=base", "epochs=1", "seed=7", "network.width=2", "objective.kind=ibp");

  private static final List<String> TUNED =
      List.of(
          "name=tuned",
          "epochs=2",
          "objective.kind=cure-finetune",
          "objective.threats=linf:0.1,l2:0.5",
          "objective.regions.linf.attack.steps=1",
          "objective.regions.l2.attack.steps=1");

  private static final String OTHER = "0".repeat(64);

  @TempDir private static Path home;

  private static Path base;
  private static Path tuned;

  @BeforeAll
  static void trainAndTune() {
    base = trained("base", BASE);
    tuned = trained("tuned", TUNED, "--from", base.toString());
  }

  @Test
  void from_runDirectory_tunesTheModelOfTheRun() throws IOException {
    byte[] start = bytes(base.resolve("final.onnx"));
    assertThat(bytes(tuned.resolve("start.onnx"))).isEqualTo(start);
    RunSettings settings = Settings.load(tuned.resolve("run.conf").toString(), List.of());
    assertThat(settings.startModel()).isEqualTo(Digests.of(start));
    assertThat(bytes(tuned.resolve("final.onnx"))).isNotEqualTo(start);
    assertThat(largestChange(base, tuned)).isBetween(1e-5, 0.01);
    assertThat(Files.readString(tuned.resolve("report/summary.md")))
        .contains("the network of start.onnx trained by cure-finetune");
    assertThat(Files.readString(tuned.resolve("report/index.html")))
        .contains("the network of start.onnx", "Start model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"final.onnx", "checkpoints/step-000000002-epoch-0001.merlon"})
  void from_fileOfTheRun_givesTheSameBits(String file) throws IOException {
    Path run = trained("from-" + Path.of(file).getFileName(), TUNED, "--from", base + "/" + file);

    for (String result : List.of("start.onnx", "run.conf", "final.onnx")) {
      assertThat(bytes(run.resolve(result))).as(result).isEqualTo(bytes(tuned.resolve(result)));
    }
  }

  // The refusal names the digest of what the checkpoint became: nothing has to be trained for it.
  @Test
  void from_checkpointOfATunedRun_isItsModelAtThatPlace() throws IOException {
    Path checkpoint = tuned.resolve("checkpoints/step-000000004-epoch-0002.merlon");
    Path run = home.resolve("unwritten");

    assertRefused(
        run,
        () -> train(run, TUNED, "--from", checkpoint.toString(), "--set", "start-model=" + OTHER),
        "start-model is " + OTHER,
        "but " + checkpoint + " is " + Digests.of(bytes(tuned.resolve("final.onnx"))));
  }

  @Test
  void resume_inTheMiddle_givesTheSameBits() throws IOException {
    Path run = copy(tuned, "resumed");
    cutBack(run, 3);

    CapturedRun second = train(run, TUNED, "--resume");

    assertThat(second.code()).as(second.err()).isZero();
    assertThat(second.err())
        .contains("Going on after step 3 of 4")
        .contains("Start: network and weights of " + run.resolve("start.onnx"));
    assertThat(bytes(run.resolve("final.onnx"))).isEqualTo(bytes(tuned.resolve("final.onnx")));
  }

  @Test
  void resume_withAnotherModel_isRefused() {
    Path other = tuned.resolve("final.onnx");

    assertRefused(
        tuned,
        () -> train(tuned, TUNED, "--resume", "--from", other.toString()),
        other + " (sha256 ",
        "is not what the run in " + tuned + " was begun with: a model of sha256 ");
  }

  @Test
  void resume_ofDrawnWeightsFromAModel_isRefused() {
    assertRefused(
        base,
        () -> train(base, BASE, "--resume", "--from", base + "/final.onnx"),
        "was begun with: weights that were drawn. Leave --from out");
  }

  @Test
  void resume_changedOrMissingStart_isRefusedUntilItIsNamed() throws IOException {
    Path run = copy(tuned, "damaged");
    cutBack(run, 2);
    Path start = run.resolve("start.onnx");
    Files.write(start, bytes(tuned.resolve("final.onnx")));
    assertRefused(
        run, () -> train(run, TUNED, "--resume"), start + " (sha256 ", "is not what the run");
    Files.delete(start);
    assertRefused(
        run, () -> train(run, TUNED, "--resume"), start + ", which the run in", "is missing");

    CapturedRun repaired = train(run, TUNED, "--resume", "--from", base.toString());

    assertThat(repaired.code()).as(repaired.err()).isZero();
    assertThat(bytes(start)).isEqualTo(bytes(base.resolve("final.onnx")));
    assertThat(bytes(run.resolve("final.onnx"))).isEqualTo(bytes(tuned.resolve("final.onnx")));
  }

  @Test
  void from_otherModelThanTheSettingNames_isRefused() {
    Path run = home.resolve("unwritten");

    assertRefused(
        run,
        () -> train(run, TUNED, "--from", base.toString(), "--set", "start-model=" + OTHER),
        "start-model is 000",
        "but " + base + "/final.onnx is ");
  }

  @Test
  void from_checkpointOfOtherImages_isRefused() {
    Path run = home.resolve("unwritten");

    assertRefused(
        run,
        () ->
            train(
                run,
                TUNED,
                "--from",
                base + "/checkpoints/step-000000002-epoch-0001.merlon",
                "--set",
                "data.crop=20"),
        ".merlon is not of images (1, 20, 20) in 10 classes: Weights do not fit the network");
  }

  @Test
  void certify_tunedModel_works() {
    CapturedRun run =
        CapturedRun.of(
            home,
            ("certify " + tuned + "/final.onnx --data demo --first 2 --norm linf:0.1 --rungs ibp")
                .split(" "));

    assertThat(run.code()).as(run.err()).isZero();
  }

  /** How far the weights of one run's result are from those of another's. */
  private static double largestChange(Path before, Path after) {
    ParameterValues from = OnnxImport.read(before.resolve("final.onnx")).values();
    ParameterValues to = OnnxImport.read(after.resolve("final.onnx")).values();
    assertThat(to.tensors().keySet()).isEqualTo(from.tensors().keySet());
    double largest = 0;
    for (String name : from.tensors().keySet()) {
      double[] one = from.get(name).toDoubles();
      double[] other = to.get(name).toDoubles();
      for (int i = 0; name.endsWith("weight") && i < one.length; i++) {
        largest = Math.max(largest, Math.abs(one[i] - other[i]));
      }
    }
    return largest;
  }

  private static Path copy(Path run, String name) throws IOException {
    Path copy = home.resolve(name);
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(run.relativize(file).toString()));
      }
    }
    return copy;
  }

  private static void assertRefused(
      Path directory, Supplier<CapturedRun> command, String... words) {
    Map<String, String> before = content(directory);
    CapturedRun run = command.get();
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains(words);
    assertThat(content(directory)).isEqualTo(before);
  }

  /** What a kill behind a step leaves: none of the later checkpoints, and no result. */
  private static void cutBack(Path run, int step) throws IOException {
    Files.delete(run.resolve("final.onnx"));
    try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
      for (Path file : files.toList()) {
        if (Integer.parseInt(file.getFileName().toString().substring(5, 14)) > step) {
          Files.delete(file);
        }
      }
    }
  }

  private static Path trained(String name, List<String> settings, String... more) {
    Path directory = home.resolve(name);
    CapturedRun run = train(directory, settings, more);
    assertThat(run.code()).as(run.err()).isZero();
    return directory;
  }

  private static CapturedRun train(Path directory, List<String> settings, String... more) {
    List<String> words = new ArrayList<>(List.of("train", "demo"));
    words.addAll(List.of("--run-dir", directory.toString()));
    Stream.of(SMALL, settings)
        .flatMap(List::stream)
        .forEach(setting -> words.addAll(List.of("--set", setting)));
    words.addAll(List.of(more));
    return CapturedRun.of(home, words.toArray(String[]::new));
  }

  private static byte[] bytes(Path file) throws IOException {
    return Files.readAllBytes(file);
  }

  private static Map<String, String> content(Path directory) {
    Map<String, String> content = new TreeMap<>();
    if (!Files.exists(directory)) {
      return content;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.toList()) {
        content.put(
            file.toString(), Files.isDirectory(file) ? "" : Digests.of(Files.readAllBytes(file)));
      }
      return content;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
