package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.actors.SmallModel;
import dev.merlon.model.verify.verdict.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertifyCasesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CASE =
      """
      {"id": "%s", "model": "%s", "inputs": "inputs.json", "index": %d, "label": %d,
       "norm": "linf", "eps": 0.001, "clip": [0, 1], "timeout": 20}\
      """;

  @TempDir private Path home;

  @BeforeEach
  void writeModelAndInputs() throws IOException {
    SmallModel.write(home.resolve("small.onnx"), 28);
    SmallModel.write(home.resolve("other.onnx"), 8);
    byte[] pixels = new byte[3 * 784];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 31 % 256);
    }
    Files.write(home.resolve("inputs.u8.bin"), pixels);
    Files.writeString(
        home.resolve("inputs.json"),
        """
        {"first_index": 100, "shape": [3, 1, 28, 28], "dtype": "uint8", "file": "inputs.u8.bin"}\
        """);
  }

  @Test
  void certify_casesOfSeveralModels_givesEachItsVerdictAndTheRefusedOnesAReason()
      throws IOException {
    int label = predicted();
    cases(
        String.format(Locale.ROOT, CASE, "good", "small.onnx", 101, label),
        String.format(Locale.ROOT, CASE, "missing", "none.onnx", 101, label),
        String.format(Locale.ROOT, CASE, "unfit", "other.onnx", 101, label),
        String.format(Locale.ROOT, CASE, "again", "small.onnx", 102, label));

    CapturedRun run = certify("--json");

    assertThat(run.code()).as(run.err()).isEqualTo(4);
    Map<String, JsonNode> lines = lines();
    assertThat(lines.keySet()).containsExactly("again", "good", "missing", "unfit");
    assertThat(lines.get("good").get("verdict").asText()).isEqualTo("certified");
    assertThat(lines.get("good").get("index").asInt()).isEqualTo(101);
    assertThat(lines.get("good").get("model").asText()).matches("[0-9a-f]{64}");
    assertThat(lines.get("missing").get("reason").asText()).contains("none.onnx");
    assertThat(lines.get("unfit").get("reason").asText()).contains("784 values");
    assertThat(lines.get("unfit").get("model").asText()).matches("[0-9a-f]{64}");
    JsonNode report = JSON.readTree(run.out());
    assertThat(report.get("asked").asInt()).isEqualTo(4);
    assertThat(report.get("models")).hasSize(3);
    assertThat(report.get("models").get(0).get("model").asText()).isEqualTo("small.onnx");
  }

  @Test
  void certify_casesInAStore_areNotAskedAgain() throws IOException {
    int label = predicted();
    cases(
        String.format(Locale.ROOT, CASE, "good", "small.onnx", 101, label),
        String.format(Locale.ROOT, CASE, "missing", "none.onnx", 101, label),
        String.format(Locale.ROOT, CASE, "again", "small.onnx", 102, label));
    String store = home.resolve("kept.db").toString();

    JsonNode first = JSON.readTree(certify("--json", "--store", store).out());
    Map<String, JsonNode> found = lines();
    JsonNode second = JSON.readTree(certify("--json", "--store", store).out());

    assertThat(first.get("reused").asInt()).isZero();
    assertThat(second.get("reused").asInt()).isEqualTo(2);
    assertThat(lines()).isEqualTo(found);
    for (Outcome.Kind kind : Outcome.Kind.values()) {
      assertThat(second.get(kind.word())).as(kind.word()).isEqualTo(first.get(kind.word()));
    }
  }

  @Test
  void certify_severalModelsAtOnce_givesTheVerdictsOfOneVerifier() throws IOException {
    Files.copy(home.resolve("small.onnx"), home.resolve("copy.onnx"));
    int label = predicted();
    cases(
        String.format(Locale.ROOT, CASE, "one", "small.onnx", 101, label),
        String.format(Locale.ROOT, CASE, "two", "copy.onnx", 101, label),
        String.format(Locale.ROOT, CASE, "three", "copy.onnx", 102, label),
        String.format(Locale.ROOT, CASE, "missing", "none.onnx", 101, label),
        String.format(Locale.ROOT, CASE, "unfit", "other.onnx", 101, label));

    // The store would answer for the model's copy, if the first is done before.
    certify("--json", "--no-store");
    Map<String, JsonNode> alone = lines();
    CapturedRun run = certify("--json", "--no-store", "--verifiers", "3");

    assertThat(run.code()).as(run.err()).isEqualTo(4);
    assertThat(JSON.readTree(run.out()).get("asked").asInt()).isEqualTo(5);
    assertThat(Files.readAllLines(home.resolve("out.jsonl"))).hasSize(5);
    lines()
        .forEach(
            (id, line) -> {
              JsonNode expected = alone.get(id);
              for (String field : List.of("verdict", "model", "reason", "margins")) {
                assertThat(line.get(field)).as(id + " " + field).isEqualTo(expected.get(field));
              }
            });
  }

  @Test
  void certify_resume_asksOnlyWhatIsNewAndWhatIsRetried() throws IOException {
    int label = predicted();
    cases(
        String.format(Locale.ROOT, CASE, "a", "small.onnx", 101, label),
        String.format(Locale.ROOT, CASE, "b", "none.onnx", 101, 1));
    certify();
    cases(
        String.format(Locale.ROOT, CASE, "a", "small.onnx", 101, label),
        String.format(Locale.ROOT, CASE, "b", "none.onnx", 101, 1),
        String.format(Locale.ROOT, CASE, "c", "small.onnx", 100, label));

    certify("--resume");
    int resumed = Files.readAllLines(home.resolve("out.jsonl")).size();
    CapturedRun retried = certify("--resume", "--retry", "unknown,timeout", "--timeout", "1min");

    assertThat(resumed).isEqualTo(3);
    // The refusal of the retried one is the same again.
    assertThat(Files.readAllLines(home.resolve("out.jsonl"))).hasSize(3);
    assertThat(retried.out()).contains("3 cases of 2 models");
  }

  @Test
  void certify_caseThatChanged_isAskedAgain() throws IOException {
    cases(String.format(Locale.ROOT, CASE, "a", "small.onnx", 101, 1));
    certify();
    cases(String.format(Locale.ROOT, CASE, "a", "small.onnx", 102, 1));

    certify("--resume");

    assertThat(Files.readAllLines(home.resolve("out.jsonl"))).hasSize(2);
    assertThat(lines().get("a").get("index").asInt()).isEqualTo(102);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "index": 101      | "index": 99       | case a: index 99: | inputs 100 to 102
          "norm": "linf"    | "norm": "l3"      | case a: norm is l3 | linf
          "clip": [0, 1]    | "clip": [0, 2]    | case a: 'clip' is [0,2] | null
          "eps": 0.001      | "eps": 0          | case a: eps is 0 | above 0
          "timeout": 20     | "timeout": -1     | case a: 'timeout' is -1 | seconds
          "label": 1        | "label": "one"    | case a: 'label' is | whole number
          "id": "a"         | "name": "a"       | case 0 | no 'id'
          "model": "small.onnx", | | case a: 'model' | missing
          inputs.json       | nowhere.json      | nowhere.json cannot be read | no such file
          }                 | ,                 | line | cases.json
          """)
  void certify_badFileOfCases_saysWhichCaseAndWhat(
      String good, String bad, String what, String more) throws IOException {
    String text = String.format(Locale.ROOT, CASE, "a", "small.onnx", 101, 1);
    cases(text.replace(good, bad == null ? "" : bad));

    CapturedRun run = certify();

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains(what, more);
  }

  @Test
  void certify_casesWithTheirOwnData_isRefused() throws IOException {
    cases(String.format(Locale.ROOT, CASE, "a", "small.onnx", 101, 1));

    CapturedRun run = certify("--data", "demo");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains("--cases");
  }

  /** What the small model says about input 101. */
  private int predicted() throws IOException {
    cases(String.format(Locale.ROOT, CASE, "probe", "small.onnx", 101, 0));
    certify();
    return lines().get("probe").get("predicted").asInt();
  }

  private void cases(String... cases) throws IOException {
    Files.writeString(
        home.resolve("cases.json"), "{\"cases\": [" + String.join(",\n", cases) + "]}");
  }

  private CapturedRun certify(String... more) {
    List<String> words =
        new ArrayList<>(List.of("certify", "--cases", home.resolve("cases.json").toString()));
    words.addAll(List.of("--out", home.resolve("out.jsonl").toString()));
    words.addAll(List.of(more));
    if (!words.contains("--resume")) {
      words.add("--overwrite");
    }
    return CapturedRun.of(home, words.toArray(String[]::new));
  }

  /** The last line of each id. */
  private Map<String, JsonNode> lines() throws IOException {
    Map<String, JsonNode> lines = new TreeMap<>();
    for (String line : Files.readAllLines(home.resolve("out.jsonl"))) {
      JsonNode json = JSON.readTree(line);
      lines.put(json.get("id").asText(), json);
    }
    return lines;
  }
}
