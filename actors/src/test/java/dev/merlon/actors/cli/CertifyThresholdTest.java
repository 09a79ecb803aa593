package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.actors.SmallModel;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Sigmoid;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.tensor.HostTensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models with one output: a probability that grows with the picture's brightness, 0.5 at 0.5. */
class CertifyThresholdTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SIDE = 4;
  private static final String CASE =
      """
      {"id": "%s", "model": "one.onnx", "inputs": "inputs.json", "index": 0, "label": %d,
       "norm": "linf", "eps": %s, "clip": [0, 1]%s}\
      """;

  @TempDir private static Path shared;

  @TempDir private Path home;

  private static Path model;
  private static Path several;
  private static Path picture;

  @BeforeAll
  static void writeFiles() throws IOException {
    model = shared.resolve("one.onnx");
    several = SmallModel.write(shared.resolve("several.onnx"), SIDE);
    picture = shared.resolve("picture.png");
    Network.Builder layers = Network.builder(new Shape(1, SIDE, SIDE));
    layers.append("flatten", new Flatten());
    layers.append("logit", new Linear(SIDE * SIDE, 1, true));
    layers.append("probability", new Sigmoid());
    Network network = layers.build();
    float[] weight = new float[SIDE * SIDE];
    Arrays.fill(weight, 0.5f);
    ParameterValues values =
        ParameterValues.of(
            network,
            Map.of(
                "logit.weight", HostTensor.of(weight, 1, SIDE * SIDE),
                "logit.bias", HostTensor.of(new float[] {-4}, 1)));
    Files.write(model, OnnxExport.bytes(network, values, Map.of()));
    BufferedImage grey = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
    byte[] pixels = new byte[SIDE * SIDE];
    // 120 on average, and no two alike: a picture that is turned round is another one.
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (105 + 2 * i);
    }
    grey.getRaster().setDataElements(0, 0, SIDE, SIDE, pixels);
    ImageIO.write(grey, "png", picture.toFile());
    Files.write(shared.resolve("inputs.u8.bin"), pixels);
    Files.writeString(
        shared.resolve("inputs.json"),
        """
        {"first_index": 0, "shape": [1, 1, 4, 4], "dtype": "uint8", "file": "inputs.u8.bin"}\
        """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"certify", "attack"})
  void run_oneOutputWithoutThreshold_isRefusedInOneLine(String command) {
    CapturedRun run = run(command, model, "0", "1.0");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("one output", "--threshold", "0.5", "0 for a logit");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.5, 1.0, falsified",
    "0, 0.5, 0.02, certified",
    "0, 0.45, 0.02, falsified",
    "0, 0.5, 0.03, falsified",
    "1, 0.44, 0.0005, certified",
    "1, 0.5, 0.02, misclassified"
  })
  void certify_oneOutput_classOneIsWhatExceedsTheThreshold(
      int label, String threshold, String eps, String verdict) throws IOException {
    Path out = home.resolve("out.jsonl");

    CapturedRun run =
        run("certify", model, "" + label, eps, "--threshold", threshold, "--out", out.toString());

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("Class 1 where the output is above " + threshold);
    JsonNode line = JSON.readTree(Files.readString(out));
    assertThat(line.get("verdict").asText()).isEqualTo(verdict);
    assertThat(line.get("threshold").asText()).isEqualTo(threshold);
    if (verdict.equals("certified")) {
      assertThat(line.get("margins")).hasSize(2);
      assertThat(line.get("margins").get(label).isNull()).isTrue();
      assertThat(line.get("margins").get(1 - label).asDouble()).isBetween(1e-6, 0.1);
    }
  }

  @Test
  void attack_oneOutput_countsWhatCrossesTheThreshold() throws IOException {
    CapturedRun withstood = run("attack", model, "0", "0.02", "--threshold", "0.5", "--json");
    CapturedRun broken = run("attack", model, "0", "0.05", "--threshold", "0.5", "--json");

    assertThat(withstood.code()).as(withstood.err()).isZero();
    JsonNode report = JSON.readTree(withstood.out());
    assertThat(report.get("threshold").asDouble()).isEqualTo(0.5);
    assertThat(report.get("union").asDouble()).isEqualTo(1);
    assertThat(JSON.readTree(broken.out()).get("union").asDouble()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"2, 0.5, --label is 2", "0, x, is no threshold", "0, 1e99, at most 100 digits"})
  void certify_otherClassOrNoDecimal_isRefused(String label, String threshold, String said) {
    CapturedRun run = run("certify", model, label, "0.1", "--threshold", threshold);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"certify", "attack"})
  void run_severalOutputsWithThreshold_isRefused(String command) {
    CapturedRun run = run(command, several, "0", "0.1", "--threshold", "0.5");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("10 outputs");
  }

  @Test
  void certify_resumedWithAnotherThreshold_isRefused() {
    String out = home.resolve("out.jsonl").toString();
    run("certify", model, "0", "0.02", "--threshold", "0.5", "--out", out);

    CapturedRun same =
        run("certify", model, "0", "0.02", "--threshold", "0.50", "--out", out, "--resume");
    CapturedRun other =
        run("certify", model, "0", "0.02", "--threshold", "0.6", "--out", out, "--resume");

    assertThat(same.code()).as(same.err()).isZero();
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("threshold");
  }

  @ParameterizedTest
  @ValueSource(strings = {"certify", "attack"})
  void run_counterexampleFound_saysItsClassAndSavesItsPicture(String command) throws IOException {
    Path pictures = home.resolve("a/b");
    Path out = home.resolve("out.jsonl");

    CapturedRun run =
        run(
            command,
            model,
            "0",
            "0.25",
            "--threshold",
            "0.5",
            "--save-adversarial",
            pictures.toString(),
            "--out",
            out.toString());

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("which the model sees as class 1");
    JsonNode line = JSON.readTree(Files.readString(out));
    assertThat(line.get("adversarial").asInt()).isEqualTo(1);
    Path saved = pictures.resolve("000000-label0-class1-linf_0.25.png");
    assertThat(pictures).isDirectoryContaining(saved::equals);
    BufferedImage shown = ImageIO.read(saved.toFile());
    assertThat(shown.getWidth()).isEqualTo(SIDE);
    for (int i = 0; i < SIDE * SIDE; i++) {
      int exact = (int) Math.round(255 * line.get("counterexample").get(i).asDouble());
      assertThat(shown.getRaster().getSample(i % SIDE, i / SIDE, 0)).isEqualTo(exact);
    }
    assertThat(run.err())
        .contains("1 adversarial picture in " + pictures)
        .doesNotContain("rounded");
  }

  @Test
  void certify_counterexampleThatRoundingUndoes_isSaid() {
    CapturedRun run =
        run(
            "certify",
            model,
            "0",
            "0.001",
            "--threshold",
            "0.443",
            "--save-adversarial",
            home.resolve("pictures").toString());

    assertThat(run.out()).contains("falsified");
    assertThat(run.err()).contains("rounded to 8 bits, 1 of them no longer changed the class");
  }

  @Test
  void certify_picturesThatCannotBeWritten_areRefusedBeforeAnyWork() throws IOException {
    Path file = Files.createFile(home.resolve("file"));

    CapturedRun run =
        run(
            "certify",
            shared.resolve("no-model.onnx"),
            "0",
            "0.1",
            "--save-adversarial",
            file.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("Pictures cannot be written to " + file);
  }

  @Test
  void cases_withAndWithoutThreshold_areAskedWithTheirsOrRefused() throws IOException {
    cases(
        String.format(Locale.ROOT, CASE, "own", 0, "0.02", ", \"threshold\": 0.45"),
        String.format(Locale.ROOT, CASE, "other", 0, "0.02", ""));

    CapturedRun without = casesRun();
    List<JsonNode> refused = lines();
    CapturedRun with = casesRun("--threshold", "0.5", "--overwrite");
    List<JsonNode> asked = lines();

    assertThat(without.code()).isEqualTo(4);
    assertThat(verdict(refused, "own")).isEqualTo("falsified");
    assertThat(verdict(refused, "other")).isEqualTo("unknown");
    assertThat(refused.stream().map(line -> line.path("reason").asText()))
        .anyMatch(reason -> reason.contains("one output"));
    assertThat(with.code()).as(with.err()).isZero();
    assertThat(verdict(asked, "own")).isEqualTo("falsified");
    assertThat(verdict(asked, "other")).isEqualTo("certified");
    assertThat(asked.stream().map(line -> line.get("threshold").asText()))
        .containsExactlyInAnyOrder("0.45", "0.5");
  }

  @Test
  void cases_resumedWithAnotherThreshold_areAskedAgain() throws IOException {
    cases(String.format(Locale.ROOT, CASE, "a", 0, "0.02", ""));
    casesRun("--threshold", "0.5");

    casesRun("--threshold", "0.5", "--resume");
    int known = lines().size();
    casesRun("--threshold", "0.45", "--resume");

    assertThat(known).isEqualTo(1);
    assertThat(lines().stream().map(line -> line.get("verdict").asText()))
        .containsExactly("certified", "falsified");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"0.5\"", "[0.5]", "1e99"})
  void cases_thresholdThatIsNone_areRefused(String threshold) throws IOException {
    cases(String.format(Locale.ROOT, CASE, "a", 0, "0.02", ", \"threshold\": " + threshold));

    CapturedRun run = casesRun();

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("case a", "threshold");
  }

  private static String verdict(List<JsonNode> lines, String id) {
    return lines.stream()
        .filter(line -> line.get("id").asText().equals(id))
        .map(line -> line.get("verdict").asText())
        .findFirst()
        .orElseThrow();
  }

  private void cases(String... entries) throws IOException {
    Files.writeString(
        shared.resolve("cases.json"), "{\"cases\": [" + String.join(", ", entries) + "]}");
  }

  private List<JsonNode> lines() throws IOException {
    List<JsonNode> read = new ArrayList<>();
    for (String line : Files.readAllLines(home.resolve("cases.jsonl"))) {
      read.add(JSON.readTree(line));
    }
    return read;
  }

  private CapturedRun casesRun(String... options) {
    return CapturedRun.of(
        home,
        Stream.concat(
                Stream.of(
                    "certify",
                    "--cases",
                    shared.resolve("cases.json").toString(),
                    "--out",
                    home.resolve("cases.jsonl").toString()),
                Stream.of(options))
            .toArray(String[]::new));
  }

  private CapturedRun run(String command, Path file, String label, String eps, String... options) {
    return CapturedRun.of(
        home,
        Stream.concat(
                Stream.of(
                    command,
                    file.toString(),
                    "--image",
                    picture.toString(),
                    "--label",
                    label,
                    "--norm",
                    "linf:" + eps),
                Stream.of(options))
            .toArray(String[]::new));
  }
}
