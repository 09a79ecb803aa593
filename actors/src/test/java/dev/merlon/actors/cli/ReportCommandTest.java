package dev.merlon.actors.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.model.verify.verdict.Verdict;
import dev.merlon.model.verify.verdict.VerdictLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
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

  @TempDir private static Path trained;
  @TempDir private Path home;

  @BeforeAll
  static void trainOnce() {
    assertThat(train(trained.resolve("first"), "seed=1").code()).isZero();
    assertThat(train(trained.resolve("second"), "seed=2").code()).isZero();
  }

  @Test
  void report_finishedRun_hasEveryPartInOneFile() throws IOException {
    Path run = copy("first");
    CapturedRun report = report(run);

    assertThat(report.code()).as(report.err()).isZero();
    Path page = run.resolve("report/index.html");
    assertThat(report.out()).contains("Report        " + page);
    String html = Files.readString(page);
    assertThat(html)
        .contains("<h2>Results", "<h2>Training", "Models epoch by epoch", "Under linf:0.1")
        .contains("ReLU states, relu1, l2:0.3")
        .contains("Bound differences", "Confusion", "subselection-ratio", "On the first 10 test")
        .contains("data:image/png;base64,")
        .doesNotContain("Not measured")
        .doesNotContain("<script", "<link", "url(", "src=\"http", "@import");
  }

  @Test
  void report_figures_areSvgAndPngFiles() throws IOException {
    Path run = copy("first");
    report(run);

    for (String name :
        List.of("loss", "accuracy-linf-0.1", "tightness-l2-0.3", "verdicts", "confusion")) {
      assertThat(run.resolve("report/figures/" + name + ".svg")).content().startsWith("<svg ");
      assertThat(ImageIO.read(run.resolve("report/figures/" + name + ".png").toFile()).getWidth())
          .isEqualTo(880);
    }
  }

  @Test
  void report_mergedUpdates_showsTheirCosineByLayer() throws IOException {
    Path run = copy("first");
    Path metrics = run.resolve("metrics.jsonl");
    String cosines =
        "{\"event\":\"epoch\",\"update-cosines\":{\"conv1.weight\":-0.25,\"conv1.bias\":0.5,"
            + "\"bn1.weight\":0.5,\"bn1.running_mean\":0.5,\"linear1.weight\":0.75},"
            + "\"merge-seconds\":0.1,";
    Files.writeString(metrics, Files.readString(metrics).replace("{\"event\":\"epoch\",", cosines));

    CapturedRun report = report(run);

    assertThat(report.code()).as(report.err()).isZero();
    assertThat(run.resolve("report/figures/update-cosines.svg"))
        .content()
        .contains("Cosine of natural and certified updates", "conv1", "linear1")
        .doesNotContain("bn1", "bias");
  }

  @Test
  void report_twice_writesTheSamePageWithoutMeasuringAgain() throws IOException {
    Path run = copy("first");
    report(run);
    String page = Files.readString(run.resolve("report/index.html"));
    String measures = Files.readString(run.resolve("report/measures.jsonl"));
    CapturedRun again = report(run);

    assertThat(again.err()).doesNotContain("Measuring");
    assertThat(run.resolve("report/index.html")).hasContent(page);
    assertThat(run.resolve("report/measures.jsonl")).hasContent(measures);
    assertThat(measures.lines()).hasSize(2);
  }

  @Test
  void report_json_printsOneObjectWithThePath() throws IOException {
    Path run = copy("first");
    CapturedRun report = report(run, "--json", "--out", home.resolve("out").toString());

    assertThat(report.out().lines()).hasSize(1);
    JsonNode fields = new ObjectMapper().readTree(report.out());
    assertThat(fields.fieldNames()).toIterable().containsExactly("report", "figures", "runs");
    assertThat(Path.of(fields.get("report").asText()))
        .isEqualTo(home.resolve("out/index.html"))
        .exists();
  }

  @Test
  void report_twoRuns_showsDifferencesToTheFirst() throws IOException {
    Path first = copy("first");
    Path second = copy("second");
    Path out = home.resolve("both");
    CapturedRun report =
        CapturedRun.of(
            home, "report", first.toString(), second.toString(), "--out", out.toString());

    assertThat(report.code()).as(report.err()).isZero();
    assertThat(Files.readString(out.resolve("index.html")))
        .contains(
            "<h1>first · second</h1>",
            "union, adversarial",
            "union, certified",
            "Per epoch under l2:0.3")
        .contains("<th>seed</th><td>1</td><td>2</td>")
        .contains("<h2>Over seeds", "<th>first, 2 seeds</th>", "% ± ")
        .doesNotContain("subselection-ratio");
    assertThat(out.resolve("figures/certified-linf-0.1.png")).exists();
  }

  @Test
  void report_runsOnOtherNumbersOfImages_comparesThoseOfBothAndSaysSo() throws IOException {
    Path first = copy("first");
    Path second = copy("second");
    List<String> kept = verdicts(second).filter(line -> index(line) < 6).toList();
    Files.write(second.resolve("certificates.jsonl"), kept);
    Path out = home.resolve("both");

    CapturedRun report =
        CapturedRun.of(
            home, "report", first.toString(), second.toString(), "--out", out.toString());

    String warning =
        "first was certified on 10 images, second on 6: differences are on the 6 images of both";
    double base = natural(verdicts(first).filter(line -> index(line) < 6).toList());
    double other = natural(kept);
    assertThat(report.code()).as(report.err()).isZero();
    assertThat(report.err()).contains("Note: " + warning);
    assertThat(Files.readString(out.resolve("index.html")))
        .contains("<p class=\"alert\">" + warning, "<th>test images</th><td>10</td><td>6</td>")
        .contains(String.format(Locale.ROOT, "(%+.2f on 6)", 100 * (other - base)));
  }

  @Test
  void report_runsWithoutACommonImage_showsNoDifference() throws IOException {
    Path first = copy("first");
    Path second = copy("second");
    List<String> moved =
        verdicts(second)
            .map(line -> line.replace("{\"index\":", "{\"index\":10"))
            .map(line -> line.replaceAll(",\"crc\":\"[0-9a-f]{8}\"", ""))
            .toList();
    Files.write(second.resolve("certificates.jsonl"), moved);
    Path out = home.resolve("both");

    CapturedRun report =
        CapturedRun.of(
            home, "report", first.toString(), second.toString(), "--out", out.toString());

    assertThat(report.err()).contains("they have none in common: there are no differences");
    assertThat(Files.readString(out.resolve("index.html")))
        .contains("<th>natural</th>")
        .doesNotContain("class=\"delta\"", "Over seeds");
  }

  @Test
  void report_verdictThatWasChanged_namesFileAndLine() throws IOException {
    Path changed = copy("first");
    Path certificates = changed.resolve("certificates.jsonl");
    List<String> lines = new ArrayList<>(verdicts(changed).toList());
    lines.set(1, lines.get(1).replaceFirst("\"millis\":", "\"millis\":1"));
    Files.write(certificates, lines);

    CapturedRun report = CapturedRun.of(home, "report", changed.toString());

    assertThat(report.code()).isEqualTo(2);
    assertThat(report.onlyErrorLine().orElseThrow())
        .contains("Line 2 of " + certificates + " is damaged", "does not match its crc");
  }

  private static Stream<String> verdicts(Path run) throws IOException {
    return Files.readAllLines(run.resolve("certificates.jsonl")).stream();
  }

  private static int index(String line) {
    return VerdictLine.read(line).property().index();
  }

  private static double natural(List<String> lines) {
    List<Verdict> verdicts = lines.stream().map(VerdictLine::read).toList();
    return (double) verdicts.stream().filter(Verdict::correct).count() / verdicts.size();
  }

  @Test
  void report_resumedRun_listsTheCommandsThatMadeIt() throws IOException {
    Path run = copy("first");
    String sessions = Files.readString(run.resolve("sessions.jsonl"));
    Files.writeString(run.resolve("sessions.jsonl"), sessions + sessions.lines().toList().get(0));

    CapturedRun report = report(run);
    String once = Files.readString(run.resolve("report/index.html"));
    Files.writeString(run.resolve("sessions.jsonl"), sessions + sessions);
    report(run);
    String twice = Files.readString(run.resolve("report/index.html"));

    assertThat(report.code()).as(report.err()).isZero();
    assertThat(once)
        .contains("<dt>Started</dt>", "<dt>Duration</dt>", "<dt>Merlon</dt>", "<dt>Command</dt>")
        .contains("./merlon train demo --run-dir ", "--set seed=1");
    assertThat(twice).contains(" in 2 sessions", "<th>session</th>").doesNotContain("Command</dt>");
    assertThat(Files.readString(run.resolve("report/summary.md")))
        .contains("- Started: ", ", done, by Merlon ", "`./merlon train demo");
    assertThat(Files.readString(run.resolve("run.conf"))).doesNotContain("merlon train");
  }

  @Test
  void report_exactImages_drawsErrorsAndSolvesNoneTwice() throws IOException {
    Path run = copyEvaluatedAgainst("linf:0.005");
    CapturedRun report = report(run, "--exact", "3");

    assertThat(report.code()).as(report.err()).isZero();
    assertThat(report.err()).contains("Solving exactly");
    Path worst = run.resolve("report/worst-cases.jsonl");
    List<String> lines = Files.readAllLines(worst);
    assertThat(lines).hasSize(3).allSatisfy(line -> assertThat(line).contains("\"proved\":true"));
    assertThat(Files.readString(run.resolve("report/index.html")))
        .contains("Worst-case loss, approximated and exact", "3 of 3 images are solved")
        .contains("<th>PGD</th>", "<th>SABR</th>", "<th>TAPS</th>", "<th>IBP</th>");
    assertThat(run.resolve("report/figures/worst-case-errors.png")).exists();

    CapturedRun again = report(run, "--exact", "4");
    assertThat(again.err()).contains("1/1 images");
    assertThat(Files.readAllLines(worst)).hasSize(4).startsWith(lines.get(0), lines.get(1));

    CapturedRun both =
        CapturedRun.of(
            home,
            "report",
            run.toString(),
            copy("second").toString(),
            "--out",
            home.resolve("both").toString());
    assertThat(both.code()).as(both.err()).isZero();
    assertThat(Files.readString(home.resolve("both/index.html")))
        .contains("first: 4 of 4 images are solved", "<th>first, TAPS</th>")
        .doesNotContain("<th>second, TAPS</th>");
  }

  @Test
  void report_exactImagesBelowZero_refused() {
    CapturedRun report = report(trained.resolve("first"), "--exact", "-1");

    assertThat(report.code()).isEqualTo(2);
    assertThat(report.onlyErrorLine().orElseThrow()).contains("--exact is -1");
  }

  @Test
  void report_exactImagesOfARunWithoutLinearBall_saysWhatIsMissing() throws IOException {
    Path run = copyEvaluatedAgainst("l2:0.3");

    CapturedRun report = report(run, "--exact", "1");

    assertThat(report.code()).isEqualTo(2);
    assertThat(report.onlyErrorLine().orElseThrow()).contains("no linf or l1 perturbation");
    assertThat(run.resolve("report/worst-cases.jsonl")).doesNotExist();
  }

  @Test
  void report_notARunDirectory_saysSo() {
    CapturedRun nowhere = report(home.resolve("nowhere"));
    CapturedRun other = report(home);

    assertThat(nowhere.code()).isEqualTo(2);
    assertThat(nowhere.onlyErrorLine().orElseThrow()).contains("no run directory", "nowhere");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.onlyErrorLine().orElseThrow()).contains("not a run directory", "run.conf");
  }

  @Test
  void report_noEpochYet_saysSo() throws IOException {
    Path run = copy("first");
    Files.delete(run.resolve("metrics.jsonl"));

    CapturedRun report = report(run);

    assertThat(report.code()).isEqualTo(2);
    assertThat(report.onlyErrorLine().orElseThrow()).contains("no epoch is finished");
  }

  @Test
  void report_lastLineCutOff_isLeftOutAndSaid() throws IOException {
    Path run = copy("first");
    Path metrics = run.resolve("metrics.jsonl");
    Files.writeString(metrics, "{\"event\":\"epoch\",\"ep", StandardOpenOption.APPEND);

    CapturedRun report = report(run);

    assertThat(report.code()).as(report.err()).isZero();
    assertThat(report.err()).contains("last line of metrics.jsonl is cut off");
    assertThat(run.resolve("report/index.html")).content(UTF_8).contains("is cut off");
  }

  @Test
  void report_damagedLine_namesIt() throws IOException {
    Path run = copy("first");
    Path metrics = run.resolve("metrics.jsonl");
    Files.writeString(metrics, "nonsense\n" + Files.readString(metrics));

    CapturedRun report = report(run);

    assertThat(report.code()).isEqualTo(2);
    assertThat(report.onlyErrorLine().orElseThrow()).contains("Line 1 of " + metrics, "damaged");
  }

  @Test
  void report_runThatHasNotEnded_saysWhatIsMissingAndHowToGetIt() throws IOException {
    Path run = copy("first");
    Files.delete(run.resolve("final.onnx"));
    Files.delete(run.resolve("certificates.jsonl"));

    CapturedRun report = report(run);

    assertThat(report.code()).as(report.err()).isZero();
    assertThat(run.resolve("report/index.html"))
        .content(UTF_8)
        .contains("Not measured.", "--resume")
        .doesNotContain("<b>0.00%</b>");
  }

  @Test
  void report_verdictsOfAnotherModel_areLeftOut() throws IOException {
    Path run = copy("first");
    Path other = trained.resolve("second/final.onnx");
    Files.copy(other, run.resolve("final.onnx"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    CapturedRun report = report(run);

    assertThat(report.code()).as(report.err()).isZero();
    assertThat(report.err()).contains("about another model");
  }

  @Test
  void report_runsOnOtherImages_areNotCompared() throws IOException {
    Path first = copy("first");
    Path other = home.resolve("other");
    assertThat(train(other, "data.demo-seed=2").code()).isZero();

    CapturedRun report = CapturedRun.of(home, "report", first.toString(), other.toString());

    assertThat(report.code()).isEqualTo(2);
    assertThat(report.onlyErrorLine().orElseThrow()).contains("not evaluated on the same images");
  }

  @Test
  void report_unwritablePlace_saysSo() throws IOException {
    Path run = copy("first");
    Path file = Files.writeString(home.resolve("file"), "precious");

    CapturedRun report = report(run, "--out", file.resolve("below").toString());

    assertThat(report.code()).isEqualTo(2);
    assertThat(report.onlyErrorLine().orElseThrow()).contains("cannot be written", "--out");
  }

  @Test
  void report_namesWithMarkup_areEscaped() throws IOException {
    Path run = copy("first");
    Path odd = Files.move(run, home.resolve("<b>&run"));

    CapturedRun report = report(odd);

    assertThat(report.code()).as(report.err()).isZero();
    assertThat(odd.resolve("report/index.html"))
        .content(UTF_8)
        .contains("<h1>&lt;b&gt;&amp;run</h1>")
        .doesNotContain("<b>&run");
  }

  private CapturedRun report(Path run, String... more) {
    List<String> words = new ArrayList<>(List.of("report", run.toString()));
    words.addAll(List.of(more));
    return CapturedRun.of(home, words.toArray(String[]::new));
  }

  // Bounds of a network that is hardly trained are quick to make exact over small balls only.
  private Path copyEvaluatedAgainst(String threat) throws IOException {
    Path run = copy("first");
    Path settings = run.resolve("run.conf");
    Files.writeString(
        settings, Files.readString(settings) + "\nevaluation.threats = [\"" + threat + "\"]\n");
    return run;
  }

  private Path copy(String name) throws IOException {
    Path from = trained.resolve(name);
    Path to = home.resolve(name);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
    return to;
  }

  private static CapturedRun train(Path directory, String more) {
    List<String> words = new ArrayList<>(List.of("train", "demo"));
    words.addAll(List.of("--run-dir", directory.toString(), "--set", more));
    SMALL.forEach(setting -> words.addAll(List.of("--set", setting)));
    return CapturedRun.of(directory.resolveSibling("home"), words.toArray(String[]::new));
  }
}
