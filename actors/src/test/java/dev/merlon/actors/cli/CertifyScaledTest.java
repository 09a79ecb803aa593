package dev.merlon.actors.cli;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.config.network.Initialisation;
import dev.merlon.model.network.Initialiser;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.onnx.OnnxExport;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that take scaled pixels, and single pictures. */
class CertifyScaledTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path home;

  private static Path inside;
  private static Path outside;

  @BeforeAll
  static void writeModels() throws IOException {
    inside = write(home.resolve("inside.onnx"), true);
    outside = write(home.resolve("outside.onnx"), false);
  }

  @ParameterizedTest
  @CsvSource({"mean=0.5;std=0.25, 0..1", "mean=127.5;std=63.75, 0..255"})
  void certify_normalisedOutside_provesWhatItWouldInside(String normalised, String range)
      throws IOException {
    List<JsonNode> theirs = verdicts(inside);
    List<JsonNode> ours =
        verdicts(outside, "--normalize", normalised.replace(';', ','), "--input-range", range);
    Map<String, JsonNode> unscaled =
        verdicts(outside).stream().collect(toMap(CertifyScaledTest::question, line -> line));

    assertThat(ours).hasSameSizeAs(theirs);
    double shift = ours.size() - unscaled.size();
    for (int i = 0; i < ours.size(); i++) {
      assertThat(ours.get(i).get("predicted")).isEqualTo(theirs.get(i).get("predicted"));
      assertThat(ours.get(i).get("eps")).isEqualTo(theirs.get(i).get("eps"));
      assertThat(ours.get(i).get("input").asText()).contains("mean=");
      for (int j = 0; j < 10; j++) {
        double margin = ours.get(i).get("margins").get(j).asDouble();
        assertThat(margin).isCloseTo(theirs.get(i).get("margins").get(j).asDouble(), within(1e-3));
        JsonNode other = unscaled.get(question(ours.get(i)));
        shift += other == null ? 0 : Math.abs(margin - other.get("margins").get(j).asDouble());
      }
    }
    assertThat(shift).isGreaterThan(1);
  }

  @Test
  void certify_resumedWithOtherScaling_isRefused() {
    Path out = home.resolve("mixed.jsonl");
    List<String> words = words(outside, "--out", out.toString());
    words.addAll(List.of("--normalize", "mean=0.5,std=0.25"));
    CapturedRun first = CapturedRun.of(home, words.toArray(String[]::new));
    words.add("--resume");
    CapturedRun same = CapturedRun.of(home, words.toArray(String[]::new));
    words.set(words.indexOf("mean=0.5,std=0.25"), "mean=0.5,std=0.5");

    CapturedRun other = CapturedRun.of(home, words.toArray(String[]::new));

    assertThat(first.out()).contains("Given to the model: mean=0.5,std=0.25");
    assertThat(same.code()).as(same.err()).isZero();
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.onlyErrorLine().orElseThrow()).contains("scaling of inputs", "--resume");
  }

  @Test
  void certify_json_namesTheScaling() throws IOException {
    List<String> words = words(outside, "--input-range", "0..255");
    words.add("--json");

    JsonNode report = JSON.readTree(CapturedRun.of(home, words.toArray(String[]::new)).out());

    assertThat(report.get("input").asText()).isEqualTo("0..255");
  }

  @ParameterizedTest
  @ValueSource(strings = {"certify", "attack"})
  void image_ofTheModelsSize_isAnsweredInALine(String command) throws IOException {
    Path picture = picture("seven.png", 28, BufferedImage.TYPE_BYTE_GRAY);
    CapturedRun wrong = one(command, picture, "0");
    CapturedRun right = one(command, picture, predicted(picture));

    assertThat(wrong.code() + right.code()).as(wrong.err() + right.err()).isZero();
    assertThat(right.out()).contains("on seven.png with label " + predicted(picture));
    assertThat(right.out())
        .contains(command.equals("certify") ? "certified by " : "withstood the attack");
  }

  @ParameterizedTest
  @CsvSource({
    "20, 10, 3, '[1, 28, 28], but p.png is a picture of [1, 20, 20]'",
    "28, 5, 3, '[1, 28, 28], but p.png is a picture of [3, 28, 28]'",
    "28, 10, 10, --label is 10",
    "28, 10, -1, --label is -1"
  })
  void image_thatTheModelDoesNotTake_isOneLine(int side, int type, String label, String problem)
      throws IOException {
    CapturedRun run = one("certify", picture("p.png", side, type), label);

    assertThat(run.code()).as(run.out()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElse(run.err())).contains(problem);
  }

  @Test
  void image_thatIsNotThere_isOneLineWithoutAClassName() {
    CapturedRun run = one("certify", home.resolve("none.png"), "3");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow())
        .contains("none.png", "no such file")
        .doesNotContain("Exception");
  }

  private static String predicted(Path picture) throws IOException {
    Path out = home.resolve("predicted.jsonl");
    List<String> words = new ArrayList<>(List.of("certify", inside.toString(), "--image"));
    words.addAll(List.of(picture.toString(), "--label", "0", "--norm", "linf:0.0001"));
    words.addAll(List.of("--rungs", "ibp", "--overwrite", "--out", out.toString()));
    CapturedRun.of(home, words.toArray(String[]::new));
    return JSON.readTree(Files.readString(out)).get("predicted").asText();
  }

  private static CapturedRun one(String command, Path picture, String label) {
    return CapturedRun.of(
        home,
        command,
        inside.toString(),
        "--image",
        picture.toString(),
        "--label",
        label,
        "--norm",
        "linf:0.0001");
  }

  private static String question(JsonNode line) {
    return line.get("index") + " " + line.get("norm");
  }

  private static List<JsonNode> verdicts(Path model, String... more) throws IOException {
    Path out = home.resolve("verdicts.jsonl");
    List<String> words = words(model, more);
    words.addAll(List.of("--overwrite", "--out", out.toString()));
    CapturedRun run = CapturedRun.of(home, words.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(out)) {
      JsonNode verdict = JSON.readTree(line);
      if (!verdict.get("margins").isNull()) {
        lines.add(verdict);
      }
    }
    assertThat(lines).isNotEmpty();
    return lines;
  }

  private static List<String> words(Path model, String... more) {
    List<String> words = new ArrayList<>(List.of("certify", model.toString(), "--data", "demo"));
    words.addAll(List.of("--first", "12", "--rungs", "ibp"));
    words.addAll(List.of("--norm", "linf:0.004", "--norm", "l2:0.1"));
    words.addAll(List.of(more));
    return words;
  }

  private static Path picture(String name, int side, int type) throws IOException {
    BufferedImage image = new BufferedImage(side, side, type);
    for (int i = 0; i < side; i++) {
      image.setRGB(i, i, type == BufferedImage.TYPE_BYTE_GRAY ? 0xffffff : 0xff0000);
    }
    Path file = home.resolve(name);
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  private static Path write(Path file, boolean normalised) throws IOException {
    Network.Builder layers = Network.builder(new Shape(1, 28, 28));
    if (normalised) {
      layers.append("normalize", new Normalize(List.of(0.5), List.of(0.25)));
    }
    layers.append("flatten", new Flatten());
    layers.append("linear1", new Linear(28 * 28, 16, true));
    layers.append("relu1", new Relu());
    layers.append("linear2", new Linear(16, 10, true));
    Network network = layers.build();
    var values = new Initialiser(Initialisation.DEFAULT).draw(network, 3);
    return Files.write(file, OnnxExport.bytes(network, values, Map.of()));
  }
}
