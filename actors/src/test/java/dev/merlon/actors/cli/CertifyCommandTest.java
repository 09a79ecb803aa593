package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.actors.SmallModel;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.EmbeddedDigits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertifyCommandTest {
  @TempDir private static Path home;

  private static Path model;

  @BeforeAll
  static void writeModel() throws IOException {
    model = SmallModel.write(home.resolve("small.onnx"), 28);
  }

  @Test
  void certify_twoNorms_printsTableAndWritesVerdicts() throws IOException {
    Path out = home.resolve("verdicts.jsonl");

    CapturedRun run =
        certify("--norm", "linf:0.01", "--norm", "l2:0.1", "--first", "6", "--out", out.toString());

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "6 inputs of demo", "natural", "linf:0.01", "l2:0.1", "union", "Verdicts in " + out);
    assertThat(run.err()).contains("Certifying 12/12 verdicts (100%)");
    JsonNode line = new ObjectMapper().readTree(Files.readAllLines(out).get(0));
    assertThat(Files.readAllLines(out)).hasSize(12);
    assertThat(line.get("data").asText())
        .isEqualTo(EmbeddedDigits.standard().read(DataSplit.TEST).digest());
    assertThat(line.get("model").asText()).matches("[0-9a-f]{64}");
  }

  @Test
  void certify_json_printsOneObjectOfTheDocumentedShape() throws IOException {
    CapturedRun run =
        certify("--norm", "linf:1/255", "--indices", "3,5-7", "--rungs", "ibp", "--json");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out().lines()).hasSize(1);
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.fieldNames())
        .toIterable()
        .containsExactly(
            "model",
            "sha256",
            "data",
            "inputs",
            "answered",
            "natural",
            "certified",
            "falsified",
            "unknown",
            "union",
            "rungs",
            "reused",
            "seconds");
    assertThat(report.get("inputs").asInt()).isEqualTo(4);
    assertThat(report.get("certified").fieldNames()).toIterable().containsExactly("linf:1/255");
  }

  @Test
  void certify_resumedFile_asksOnlyWhatIsOpen() throws IOException {
    Path out = home.resolve("resumed.jsonl");
    certify("--norm", "linf:0.01", "--first", "5", "--out", out.toString());
    List<String> first = Files.readAllLines(out);
    Files.write(out, first.subList(0, 2));

    CapturedRun run =
        certify("--norm", "linf:0.01", "--first", "5", "--out", out.toString(), "--resume");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(Files.readAllLines(out)).hasSize(5).startsWith(first.get(0), first.get(1));
  }

  @ParameterizedTest
  @CsvSource({"natural>=0, 0, ACCEPTED", "natural>=1, 1, REJECTED"})
  void certify_gate_endsWithItsDecision(String requirement, int code, String decision) {
    CapturedRun run =
        certify("--norm", "linf:0.1", "--first", "8", "--rungs", "ibp", "--require", requirement);

    assertThat(run.code()).as(run.err()).isEqualTo(code);
    assertThat(run.out()).contains(decision);
  }

  @Test
  void certify_severalRequirements_oneThatIsRejectedRejects() {
    CapturedRun run =
        certify(
            "--norm",
            "linf:0.1",
            "--first",
            "8",
            "--rungs",
            "ibp",
            "--require",
            "natural>=0",
            "--require",
            "natural>=1");

    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(run.out())
        .contains("natural>=0.0: ACCEPTED", "natural>=1.0: REJECTED", "All of them: REJECTED");
  }

  @Test
  void certify_requirementAmongSeveralThatIsNotAsked_exits2() {
    CapturedRun run =
        certify(
            "--norm",
            "linf:0.1",
            "--first",
            "8",
            "--require",
            "natural>=0",
            "--require",
            "l2:1>=0.5");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains("l2:1", "not certified");
  }

  @Test
  void certify_firstBeyondTheEnd_saysSoAndAsksAll() {
    int all = EmbeddedDigits.standard().read(DataSplit.TEST).size();
    String beyond = String.valueOf(all + 1);

    CapturedRun run = certify("--norm", "linf:0.1", "--first", beyond, "--rungs", "ibp");
    CapturedRun exact =
        certify("--norm", "linf:0.1", "--first", String.valueOf(all), "--rungs", "ibp");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("Note: --first is " + beyond, "test set; all of them are asked");
    assertThat(exact.err()).doesNotContain("--first");
  }

  @Test
  void certify_gateThatOpenInputsDecide_exits4() {
    CapturedRun run =
        certify(
            "--norm", "linf:0.5", "--first", "8", "--rungs", "ibp", "--require", "linf:0.5>=0.01");

    assertThat(run.code()).as(run.out()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "--cases x.json, Leave out MODEL",
    "--cases x.json --normalize mean=0, Leave out MODEL; --data; --normalize; --norm.",
    "--image x.png --label 3, '--image is one picture, which --data cannot choose from'",
    "--label 3, Missing required option: --image FILE",
    "--perturb fog, '--perturb' is not available",
    "--normalize mean=0, no such form",
    "--normalize mean=0;0;std=1;1, 2 values",
    "--input-range 0..256, no range of pixels",
    "--layout chw, use nchw or nhwc",
    "--guarantee sure, There is no guarantee 'sure'",
    "--rungs ibpp, Did you mean ibp?",
    "--norm l7:3, l7",
    "--norm linf, has no radius",
    "--norm linf:8, write 8/255",
    "--split valid, use test or train",
    "--timeout fast, is no time",
    "--first 0, at least 1",
    "--first x, 'x' is not",
    "--verifiers 0, at least 1",
    "--verifiers 100000, this machine has",
    "--indices 5-, no range",
    "--indices 99999, does not exist",
    "--require union, has no >=",
    "--require l2:1>=0.5, not certified",
    "--resume, Add --out",
    "--overwrite, Add --out",
    "--resume --overwrite --out x.jsonl, Leave one of them out",
    "--resume --out /dev/stdout, '--resume goes on with a file, which /dev/stdout is not'",
    "--json --out /dev/stdout, cannot both go to standard output",
    "--firts 4, Did you mean --first?"
  })
  void certify_whatCannotBe_isOneLineAndExits2(String words, String expected) {
    List<String> arguments = new ArrayList<>(List.of(words.replace(';', ',').split(" ", -1)));
    arguments.addAll(List.of("--norm", "linf:0.1"));

    CapturedRun run = certify(arguments.toArray(String[]::new));

    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.onlyErrorLine().orElse(run.err()))
        .contains(expected.replace(';', ','))
        .doesNotContain("\tat ");
  }

  @Test
  void certify_firstAndIndices_excludeEachOther() {
    CapturedRun run = certify("--norm", "linf:0.1", "--first", "3", "--indices", "1");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains("--first and --indices");
  }

  @Test
  void certify_noNorm_saysWhatIsMissing() {
    CapturedRun run = certify();

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains("--norm");
  }

  @ParameterizedTest
  @CsvSource({
    "svhn:x, svhn",
    "mnist:/nowhere, /nowhere",
    "cifar10:/nowhere, /nowhere",
    "mnist, needs a directory"
  })
  void certify_dataThatIsNotThere_exits2(String data, String expected) {
    CapturedRun run =
        CapturedRun.of(home, "certify", model.toString(), "--data", data, "--norm", "linf:0.1");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElse(run.err())).contains(expected);
  }

  @Test
  void certify_modelOfAnotherShape_exits2() throws IOException {
    Path other = SmallModel.write(home.resolve("other.onnx"), 8);

    CapturedRun run =
        CapturedRun.of(home, "certify", other.toString(), "--data", "demo", "--norm", "linf:0.1");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains("[1, 8, 8]", "[1, 28, 28]");
  }

  @Test
  void certify_fileThatIsNoModel_exits2() throws IOException {
    Path text = Files.writeString(home.resolve("text.onnx"), "not a model");

    CapturedRun run =
        CapturedRun.of(home, "certify", text.toString(), "--data", "demo", "--norm", "linf:0.1");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElse(run.err())).contains("text.onnx");
  }

  @Test
  void certify_noLogCanBeWritten_worksAndSaysSo() throws IOException {
    Path file = Files.createFile(home.resolve("no-directory"));

    CapturedRun run =
        CapturedRun.of(
            file,
            "certify",
            model.toString(),
            "--data",
            "demo",
            "--first",
            "1",
            "--norm",
            "linf:0.1",
            "--rungs",
            "ibp");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("nothing is logged");
  }

  @Test
  void certify_outOverAFileOfAnotherKind_isRefusedAndLeavesIt() throws IOException {
    Path precious = Files.writeString(home.resolve("precious.md"), "precious");

    CapturedRun run = certify("--norm", "linf:0.01", "--first", "1", "--out", precious.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("exists and is no results file");
    assertThat(precious).hasContent("precious");
  }

  @Test
  void certify_outWithVerdicts_isRefusedUnlessOverwritten() throws IOException {
    String out = home.resolve("twice.jsonl").toString();
    certify("--norm", "linf:0.01", "--first", "4", "--rungs", "ibp", "--out", out);

    CapturedRun again =
        certify("--norm", "linf:0.01", "--first", "1", "--rungs", "ibp", "--out", out);
    List<String> kept = Files.readAllLines(Path.of(out));
    CapturedRun over =
        certify(
            "--norm", "linf:0.01", "--first", "1", "--rungs", "ibp", "--out", out, "--overwrite");

    assertThat(again.code()).isEqualTo(2);
    assertThat(again.onlyErrorLine().orElseThrow())
        .contains("twice.jsonl holds verdicts already", "--resume", "--overwrite");
    assertThat(kept).hasSize(4);
    assertThat(over.code()).as(over.err()).isZero();
    assertThat(Files.readAllLines(Path.of(out))).hasSize(1);
  }

  @Test
  void certify_outToStandardOutput_hasVerdictsAloneThere() throws IOException {
    for (String out : List.of("/dev/stdout", "/dev/fd/1")) {
      CapturedRun run =
          certify("--norm", "linf:0.01", "--first", "4", "--rungs", "ibp", "--out", out);

      assertThat(run.code()).as(run.err()).isZero();
      List<String> lines = run.out().lines().toList();
      assertThat(lines).hasSize(4);
      for (String line : lines) {
        assertThat(new ObjectMapper().readTree(line).has("verdict")).isTrue();
      }
      assertThat(run.err()).contains("natural", "linf:0.01").doesNotContain("Verdicts in");
    }
    assertThat(Path.of("/dev/stdout.origin")).doesNotExist();
  }

  @Test
  void certify_outToAPipe_writesLinesAndNothingBesideIt()
      throws IOException, InterruptedException, ExecutionException {
    Path pipe = home.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    var reader = CompletableFuture.supplyAsync(() -> lines(pipe));

    CapturedRun run =
        certify("--norm", "linf:0.01", "--first", "4", "--rungs", "ibp", "--out", pipe.toString());

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(reader.get()).hasSize(4).allMatch(line -> line.contains("verdict"));
    assertThat(run.out()).contains("natural");
    assertThat(home.resolve("pipe.origin")).doesNotExist();
    assertThat(home.resolve("pipe.holder")).doesNotExist();
  }

  private static List<String> lines(Path pipe) {
    try {
      return Files.readAllLines(pipe);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Test
  void certify_resumedAfterACrash_saysThatALineIsDropped() throws IOException {
    Path out = home.resolve("torn.jsonl");
    String[] words = {"--norm", "linf:0.01", "--first", "3", "--rungs", "ibp", "--out", "" + out};
    certify(words);
    String text = Files.readString(out);
    Files.writeString(out, text.substring(0, text.length() - 5));

    CapturedRun run =
        certify(Stream.concat(Stream.of(words), Stream.of("--resume")).toArray(String[]::new));

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("Note: The last line of", "torn.jsonl was cut off");
    assertThat(Files.readAllLines(out)).hasSize(3);
  }

  private static CapturedRun certify(String... arguments) {
    List<String> words = new ArrayList<>(List.of("certify", model.toString(), "--data", "demo"));
    words.addAll(List.of(arguments));
    return CapturedRun.of(home, words.toArray(String[]::new));
  }
}
