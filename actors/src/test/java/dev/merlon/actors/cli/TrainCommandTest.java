package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.actors.cli.work.ExitCode;
import dev.merlon.actors.cli.work.Interrupts;
import dev.merlon.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  /** The demo made small: two steps an epoch. */
  private static final List<String> SMALL =
      List.of(
          "network.width=2",
          "batch-size=64",
          "data.train-limit=128",
          "data.test-limit=10",
          "epochs=2",
          "schedule.end-epoch=1",
          "optimizer.decay-epochs=[]",
          "evaluation.rungs=ibp");

  @TempDir private Path home;

  @Test
  void train_reportThatCannotBeWritten_printsTheResultsAndExits3() throws IOException {
    Files.createDirectories(directory().resolve("report/index.html/in-the-way"));

    CapturedRun run = train("--resume");

    assertThat(run.code()).as(run.err()).isEqualTo(3);
    assertThat(run.out()).contains("linf:0.1", "final.onnx").doesNotContain("index.html");
    assertThat(run.err())
        .contains("There is no report.", "Go on with: ./merlon report " + directory());
  }

  @Test
  void train_smallRun_leavesEverythingInItsDirectory() throws IOException {
    CapturedRun run = train();

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("Training demo: cnn3", "Memory: about", "Epoch 2/2");
    assertThat(run.out()).contains("natural", "linf:0.1", "l2:0.3", "union", "final.onnx");
    assertThat(run.out()).contains("Report        " + directory().resolve("report/index.html"));
    for (String file :
        List.of(
            "run.conf",
            "metrics.jsonl",
            "final.onnx",
            "report/summary.md",
            "report/index.html",
            "report/figures/loss.svg",
            "merlon.log")) {
      assertThat(directory().resolve(file)).exists();
    }
    assertThat(Files.readAllLines(directory().resolve("certificates.jsonl"))).hasSize(20);
    assertThat(List.of("final.onnx", "models/epoch-001.onnx", "models/epoch-002.onnx"))
        .extracting(file -> ModelProto.parseFrom(Files.readAllBytes(directory().resolve(file))))
        .extracting(model -> model.getOpsetImport(0).getVersion(), ModelProto::getIrVersion)
        .containsOnly(tuple(13L, 8L));
    assertThat(Settings.load(directory().resolve("run.conf").toString(), List.of()).digest())
        .isEqualTo(Settings.load("demo", SMALL).digest());
    assertThat(Files.readString(directory().resolve("report/summary.md")))
        .contains("| linf:0.1 |", "sha256");
  }

  @Test
  void train_sameStoreAgain_saysWhatWasKnown() throws IOException {
    String store = home.resolve("kept.db").toString();
    train("--store", store);
    Files.move(home.resolve("run"), home.resolve("first"));

    CapturedRun again = train("--store", store);

    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.out()).contains("Known before: ");
    assertThat(home.resolve("run/report/summary.md")).content().contains("- Known before: ");
  }

  @Test
  void train_namedStoreThatIsNone_isRefusedBeforeTheStart() throws IOException {
    Path text = Files.writeString(home.resolve("notes.txt"), "no database ".repeat(200));

    CapturedRun run = train("--store", text.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElse(run.err()))
        .contains(text.toString(), "it is no such store", "--no-store");
    assertThat(home.resolve("run")).doesNotExist();
  }

  @Test
  void train_json_printsOneObjectOfTheDocumentedShape() throws IOException {
    CapturedRun run = train("--json");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out().lines()).hasSize(1);
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.fieldNames())
        .toIterable()
        .containsExactly(
            "run",
            "epochs",
            "natural",
            "adversarial",
            "certified",
            "union",
            "model",
            "reused",
            "seconds");
    assertThat(report.get("certified").fieldNames()).toIterable().containsExactly("linf", "l2");
    assertThat(report.get("adversarial").fieldNames()).toIterable().containsExactly("linf", "l2");
    assertThat(Path.of(report.get("model").asText())).exists();
  }

  @Test
  void train_directoryInUse_isRefusedAndUntouched() throws IOException {
    Files.createDirectories(directory());
    Files.writeString(directory().resolve("final.onnx"), "precious");

    CapturedRun run = train();

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains("not empty", "--resume");
    assertThat(directory()).isDirectoryContaining(file -> file.endsWith("final.onnx"));
    assertThat(Files.readString(directory().resolve("final.onnx"))).isEqualTo("precious");
  }

  @Test
  void train_interruptedAndResumed_endsInTheSameModel() throws IOException {
    train();
    byte[] undisturbed = Files.readAllBytes(directory().resolve("final.onnx"));
    Path other = home.resolve("interrupted");
    var interrupts = new Interrupts(code -> {});
    CompletableFuture<CapturedRun> interrupted =
        CompletableFuture.supplyAsync(
            () -> CapturedRun.of(home, interrupts, arguments(other, List.of())));
    await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(other.resolve("run.conf")));
    interrupts.raise(ExitCode.TERMINATED);

    CapturedRun first = interrupted.join();
    CapturedRun second =
        CapturedRun.of(home, new Interrupts(code -> {}), arguments(other, List.of("--resume")));

    assertThat(first.code()).as(first.err()).isEqualTo(143);
    assertThat(first.err()).contains("Stop", "--resume");
    assertThat(first.out()).isEmpty();
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(Files.readAllBytes(other.resolve("final.onnx"))).isEqualTo(undisturbed);
  }

  @Test
  void train_finishedRunWithMoreEpochs_makesItsResultsAnew() throws IOException {
    train();
    String certificates = Files.readString(directory().resolve("certificates.jsonl"));
    String page = Files.readString(directory().resolve("report/index.html"));

    CapturedRun longer = train("--set", "epochs=3", "--resume");

    assertThat(longer.code()).as(longer.err()).isZero();
    assertThat(longer.err()).contains("Going on with other settings: epochs was 2, is now 3");
    assertThat(Files.readString(directory().resolve("report/summary.md"))).contains("3 epochs");
    assertThat(Files.readString(directory().resolve("report/index.html"))).isNotEqualTo(page);
    assertThat(Files.readString(directory().resolve("certificates.jsonl")))
        .isNotEqualTo(certificates);
    assertThat(directory().resolve("models/epoch-003.onnx")).exists();
  }

  @Test
  void train_resumeOfNothing_startsAnewAndSaysSo() {
    CapturedRun run = train("--resume");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("starting anew");
  }

  @Test
  void train_mnistWithoutData_saysWhatToAdd() {
    CapturedRun run = CapturedRun.of(home, "train", "mnist-cnn3-ibp-0.1", "--run-dir", "x");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains("--data DIR");
  }

  @Test
  void train_missingFiles_leaveNoDirectoryBehind() {
    CapturedRun run =
        CapturedRun.of(
            home,
            "train",
            "mnist-cnn3-ibp-0.1",
            "--data",
            home.resolve("nowhere").toString(),
            "--run-dir",
            directory().toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("nowhere");
    assertThat(directory()).doesNotExist();
  }

  @Test
  void train_unknownSetting_suggestsTheRightOne() {
    CapturedRun run = CapturedRun.of(home, "train", "demo", "--set", "epoch=3");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains("epoch", "Did you mean epochs?");
  }

  @Test
  void train_fewerEpochsThanTheSchedule_offersACommandThatIsUnderstood() {
    CapturedRun run =
        CapturedRun.of(
            home, "train", "mnist-cnn3-ibp-0.1", "--data", "my data", "--set", "epochs=3");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow())
        .endsWith(
            "`./merlon train mnist-cnn3-ibp-0.1 --data 'my data' --set epochs=3"
                + " --set schedule.end-epoch=0.9 --set optimizer.decay-epochs=2`.");
  }

  private CapturedRun train(String... more) {
    return CapturedRun.of(home, new Interrupts(code -> {}), arguments(directory(), List.of(more)));
  }

  private Path directory() {
    return home.resolve("run");
  }

  private static String[] arguments(Path directory, List<String> more) {
    List<String> words = new ArrayList<>(List.of("train", "demo"));
    words.addAll(List.of("--run-dir", directory.toString()));
    SMALL.forEach(setting -> words.addAll(List.of("--set", setting)));
    words.addAll(more);
    return words.toArray(String[]::new);
  }
}
