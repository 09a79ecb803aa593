package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.actors.SmallModel;
import dev.merlon.config.value.KnownNorm;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.EmbeddedDigits;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.onnx.runtime.RuntimeSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttackCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String INPUTS = "40";

  @TempDir private static Path home;

  private static Path model;
  private static final Dataset IMAGES = EmbeddedDigits.standard().read(DataSplit.TEST);

  @BeforeAll
  static void writeModel() throws IOException {
    model = SmallModel.write(home.resolve("small.onnx"), 28);
  }

  @Test
  void attack_severalNorms_printsTableWithTheUnion() {
    CapturedRun run = attack("--norm", "linf:0.01", "--norm", "l2:0.1", "--strength", "quick");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("40 inputs of demo", "PGD with 20 steps and 1 restart", "union")
        .doesNotContain("certified");
    assertThat(run.err()).contains("Attacking 80/80 verdicts (100%)");
  }

  @Test
  void attack_json_printsOneObjectOfTheDocumentedShape() throws IOException {
    CapturedRun run =
        attack("--norm", "linf:0.1", "--strength", "taps-200", "--steps", "3", "--json");

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode report = JSON.readTree(run.out());
    assertThat(report.fieldNames())
        .toIterable()
        .containsExactly(
            "model",
            "sha256",
            "data",
            "inputs",
            "natural",
            "attack",
            "steps",
            "restarts",
            "step-size",
            "adversarial",
            "union",
            "reused",
            "seconds");
    assertThat(report.get("steps").asInt()).isEqualTo(3);
    assertThat(report.get("restarts").asInt()).isEqualTo(5);
    assertThat(report.get("union")).isEqualTo(report.get("adversarial").get("linf:0.1"));
  }

  @ParameterizedTest
  @CsvSource({"apgd, APGD with 4 steps", "apgd-targeted, targeted APGD with 4 steps"})
  void attack_apgd_saysSoAndNoStepSize(String strength, String said) throws IOException {
    String[] arguments = {"--norm", "linf:0.1", "--strength", strength, "--steps", "4"};
    CapturedRun words = attack(arguments);
    assertThat(words.code()).as(words.err()).isZero();
    assertThat(words.out()).contains("attacked by " + said + " and 1 restart");

    List<String> more = new ArrayList<>(List.of(arguments));
    more.add("--json");
    JsonNode report = JSON.readTree(attack(more.toArray(String[]::new)).out());
    assertThat(report.get("attack").asText()).isEqualTo(strength);
    assertThat(report.has("step-size")).isFalse();
    assertThat(report.get("adversarial").get("linf:0.1").asDouble())
        .isLessThan(report.get("natural").asDouble());
  }

  @Test
  void attack_everyNorm_countsWhatTheFileConfirmsInsideTheSet() throws IOException {
    Path out = home.resolve("verdicts.jsonl");
    List<String> arguments = new ArrayList<>(List.of("--json", "--out", out.toString()));
    for (String norm : KnownNorm.names()) {
      arguments.addAll(List.of("--norm", norm + ":0.9"));
    }

    CapturedRun run = attack(arguments.toArray(String[]::new));

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode report = JSON.readTree(run.out());
    int falsified = 0;
    int lost = 0;
    try (RuntimeSession session = RuntimeSession.open(OnnxImport.read(model).file(), 1)) {
      for (String line : Files.readAllLines(out)) {
        JsonNode verdict = JSON.readTree(line);
        String kind = verdict.get("verdict").asText();
        assertThat(kind).isIn("falsified", "unknown", "misclassified");
        lost += kind.equals("unknown") ? 0 : 1;
        if (kind.equals("falsified")) {
          falsified++;
          assertConfirmed(session, verdict);
        }
      }
    }
    assertThat(falsified).isPositive();
    double surviving = 0;
    for (JsonNode share : report.get("adversarial")) {
      surviving += share.asDouble() * Integer.parseInt(INPUTS);
      assertThat(report.get("union").asDouble()).isLessThanOrEqualTo(share.asDouble());
    }
    assertThat(Math.round(surviving) + lost)
        .isEqualTo((long) Integer.parseInt(INPUTS) * KnownNorm.names().size());
  }

  private static void assertConfirmed(RuntimeSession session, JsonNode verdict) {
    JsonNode found = verdict.get("counterexample");
    float[] point = new float[found.size()];
    for (int i = 0; i < point.length; i++) {
      point[i] = (float) found.get(i).asDouble();
      assertThat(point[i]).isBetween(0f, 1f);
    }
    double[] logits = session.outputs(point, 1)[0];
    int label = verdict.get("label").asInt();
    double others = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < logits.length; j++) {
      others = j == label ? others : Math.max(others, logits[j]);
    }
    assertThat(others).isGreaterThanOrEqualTo(logits[label]);
    assertThat(distance(verdict, point)).isLessThanOrEqualTo(verdict.get("eps").asDouble());
  }

  private static double distance(JsonNode verdict, float... point) {
    float[] x = IMAGES.image(verdict.get("index").asInt());
    double[] change = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      change[i] = (double) point[i] - x[i];
    }
    return Norm.of(verdict.get("norm").asText()).measure(change);
  }

  @Test
  void attack_resumedWithAnotherStrength_takesNoPointOfTheFirst() throws IOException {
    Path out = home.resolve("resumed.jsonl");
    String store = home.resolve("resumed.db").toString();
    String[] common = {"--norm", "linf:0.01", "--store", store, "--out", out.toString()};
    String[] quick = and(common, "--strength", "quick");
    attack(quick);
    int first = Files.readAllLines(out).size();

    CapturedRun same = attack(and(quick, "--resume"));
    int again = Files.readAllLines(out).size();
    CapturedRun other = attack(and(common, "--resume"));

    assertThat(same.code()).as(same.err()).isZero();
    assertThat(again).isEqualTo(first);
    assertThat(other.code()).as(other.err()).isZero();
    List<String> lines = Files.readAllLines(out);
    long misclassified =
        lines.subList(0, first).stream().filter(line -> line.contains("misclassified")).count();
    assertThat(lines.size() - first).isEqualTo((int) (first - misclassified));
  }

  private static String[] and(String[] some, String... more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
  }

  @ParameterizedTest
  @CsvSource({
    "--strength brutal, 'brutal'",
    "--steps 0, --steps is 0",
    "--restarts -1, --restarts is -1",
    "--step-size 3, --step-size is 3.0",
    "--strength apgd --step-size 0.1, --step-size is for PGD",
    "--rungs ibp, '--rungs'",
  })
  void attack_badOption_isRefusedInOneLine(String option, String said) {
    List<String> arguments = new ArrayList<>(List.of(option.split(" ")));
    arguments.addAll(List.of("--norm", "linf:0.1"));

    CapturedRun run = attack(arguments.toArray(String[]::new));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains(said);
  }

  private static CapturedRun attack(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("attack", model.toString(), "--data", "demo", "--first", INPUTS));
    arguments.addAll(List.of(more));
    return CapturedRun.of(home, arguments.toArray(String[]::new));
  }
}
