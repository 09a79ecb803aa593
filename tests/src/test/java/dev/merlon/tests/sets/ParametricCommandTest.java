package dev.merlon.tests.sets;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.config.network.Initialisation;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.EmbeddedDigits;
import dev.merlon.model.network.Initialiser;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.norm.Candidate;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.onnx.runtime.RuntimeSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kind of set that only this folder knows, from the command line to its verdicts. */
class ParametricCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Dataset IMAGES = EmbeddedDigits.standard().read(DataSplit.TEST);
  private static final String SMALL = "brightness:0.002";
  private static final String LARGE = "brightness:0.9";

  @TempDir private static Path home;

  private static Path model;

  @BeforeAll
  static void writeModel() throws IOException {
    Network.Builder layers = Network.builder(new Shape(1, 28, 28));
    layers.append("flatten", new Flatten());
    layers.append("linear1", new Linear(28 * 28, 16, true));
    layers.append("relu1", new Relu());
    layers.append("linear2", new Linear(16, 10, true));
    Network network = layers.build();
    var values = new Initialiser(Initialisation.DEFAULT).draw(network, 3);
    model = Files.write(home.resolve("net.onnx"), OnnxExport.bytes(network, values, Map.of()));
  }

  @Test
  void certify_parametricSet_verdictsWithWitnessesThatAreResumed() throws Exception {
    Path out = home.resolve("verdicts.jsonl");

    JsonNode report = certify(out);

    List<String> lines = Files.readAllLines(out);
    assertThat(report.get("certified").get(SMALL).asDouble()).isPositive();
    assertThat(report.get("falsified").get(LARGE).asDouble()).isPositive();
    Map<String, Integer> kinds = new HashMap<>();
    try (RuntimeSession session = RuntimeSession.open(OnnxImport.read(model).file(), 1)) {
      for (String line : lines) {
        JsonNode verdict = JSON.readTree(line);
        String kind = verdict.get("verdict").asText();
        kinds.merge(verdict.get("set").asText() + " " + kind, 1, Integer::sum);
        if (kind.equals("falsified")) {
          requireWitness(verdict, session);
        }
      }
    }
    assertThat(kinds.keySet())
        .contains(SMALL + " certified", LARGE + " falsified")
        .doesNotContain(SMALL + " conflict", LARGE + " conflict");

    JsonNode resumed = certify(out, "--resume");

    assertThat(Files.readAllLines(out)).isEqualTo(lines);
    assertThat(resumed.get("certified")).isEqualTo(report.get("certified"));
    assertThat(resumed.get("falsified")).isEqualTo(report.get("falsified"));
    assertThat(resumed.get("reused").asInt()).isPositive();
    JsonNode again = certify(home.resolve("again.jsonl"));
    assertThat(again.get("reused").asInt()).isEqualTo(lines.size());
    assertThat(again.get("falsified")).isEqualTo(report.get("falsified"));
    assertThat(Files.readAllLines(home.resolve("again.jsonl")))
        .containsExactlyInAnyOrderElementsOf(lines);
  }

  @Test
  void certify_cellsAlone_proveSomeAndNothingThatIsRefuted() throws Exception {
    Path cells = home.resolve("cells.jsonl");
    Path attacked = home.resolve("attacked.jsonl");
    // Between these some inputs are refuted in one half of the set alone.
    String[] between = {"--threat", "brightness:0.05", "--threat", "brightness:0.15"};
    certify(cells, concat(between, "--no-store", "--rungs", "bab", "--timeout", "2s"));
    certify(attacked, concat(between, "--no-store", "--rungs", "pgd"));

    Set<String> proved = queries(cells, "certified");

    assertThat(proved).isNotEmpty().doesNotContainAnyElementsOf(queries(attacked, "falsified"));
    assertThat(queries(attacked, "falsified")).isNotEmpty();
  }

  private static String[] concat(String[] some, String... more) {
    return Stream.of(some, more).flatMap(Stream::of).toArray(String[]::new);
  }

  private static Set<String> queries(Path out, String kind) throws IOException {
    Set<String> found = new HashSet<>();
    for (String line : Files.readAllLines(out)) {
      JsonNode verdict = JSON.readTree(line);
      if (verdict.get("verdict").asText().equals(kind)) {
        found.add(verdict.get("index") + " " + verdict.get("set"));
      }
    }
    return found;
  }

  private static void requireWitness(JsonNode verdict, RuntimeSession session) throws Exception {
    Brightness set = (Brightness) new BrightnessKind().parse(verdict.get("set").asText(), true);
    double brightness = verdict.get("parameters").get("brightness").asDouble();
    float[] point = new float[verdict.get("counterexample").size()];
    for (int i = 0; i < point.length; i++) {
      point[i] = Float.parseFloat(verdict.get("counterexample").get(i).asText());
    }
    float[] x = IMAGES.image(verdict.get("index").asInt());
    assertThat(set.contains(x, Candidate.of(point, brightness))).isTrue();
    double[] logits = session.outputs(point, 1)[0];
    int label = verdict.get("label").asInt();
    double others = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < logits.length; j++) {
      others = j == label ? others : Math.max(others, logits[j]);
    }
    assertThat(others).isGreaterThanOrEqualTo(logits[label]);
  }

  private static JsonNode certify(Path out, String... more) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Dai.djl.offline=true", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.merlon.actors.cli.Main", "certify", model.toString()));
    command.addAll(List.of("--data", "demo", "--first", "30", "--json"));
    command.addAll(List.of("--threat", SMALL, "--threat", LARGE, "--out", out.toString()));
    command.addAll(List.of(more));
    Path printed = home.resolve("printed.json");
    Path said = home.resolve("said.txt");
    ProcessBuilder process =
        new ProcessBuilder(command).redirectOutput(printed.toFile()).redirectError(said.toFile());
    process.environment().put("MERLON_HOME", home.resolve("home").toString());
    assertThat(process.start().waitFor()).as(Files.readString(said)).isZero();
    List<String> lines = Files.readAllLines(printed);
    return JSON.readTree(lines.get(lines.size() - 1));
  }
}
