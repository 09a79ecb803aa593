package dev.merlon.model.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.config.AttackSettings;
import dev.merlon.config.AttackStatistics;
import dev.merlon.config.EvaluationAttack;
import dev.merlon.config.StepDecay;
import dev.merlon.model.golden.GoldenCases;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published models and properties: no verdict of ours may contradict a known one. */
class LadderVerifierGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Limits LIMITS = new Limits(16, 256 << 20, 1);

  /** In so many seconds for each case, at least so many cases of a model are proved. */
  @ParameterizedTest
  @CsvSource({
    "mnist-net_256x2, 2, 2",
    "mnist_conv_small, 1, 2",
    "mnist_bn, 3, 2",
    "mnist_tiny_20, 2, 2",
    "cifar_base_kw, 2, 2",
    "cifar_resnet_2b, 1, 8"
  })
  void verify_publishedCases_contradictNoKnownVerdict(String name, int proved, int seconds)
      throws IOException {
    Path folder = GoldenCases.folder().resolve("verification");
    ImportedModel model = OnnxImport.read(folder.resolve("models/" + name + ".onnx"));
    List<Query> queries = queries(folder, name);
    Map<String, String> known = known(folder);

    List<Verdict> verdicts;
    try (Verifier verifier = LadderVerifier.open(model, LIMITS)) {
      verdicts = verifier.verify(queries, effort(seconds));
    }

    int certified = 0;
    for (Verdict verdict : verdicts) {
      String id = verdict.property().id().orElseThrow();
      switch (verdict.kind()) {
        case CERTIFIED -> assertThat(known.get(id)).as(id).isNotEqualTo("counterexample");
        case FALSIFIED -> assertThat(known.get(id)).as(id).isNotEqualTo("certified");
        case UNKNOWN, TIMEOUT -> assertThat(verdict.outcome().rung()).isNotEqualTo(Rung.PREDICT);
        case MISCLASSIFIED, CONFLICT -> throw new AssertionError(id + ": " + verdict.outcome());
      }
      certified += verdict.certified() ? 1 : 0;
    }
    assertThat(certified).isGreaterThanOrEqualTo(proved);
  }

  private static Effort effort(int seconds) {
    AttackSettings attack =
        new AttackSettings(40, 3, 0.1, StepDecay.none(), AttackStatistics.EVAL, true);
    return Effort.of(
            List.of(Rung.values()), EvaluationAttack.pgd(attack), 1, Duration.ofSeconds(seconds))
        .crossChecked();
  }

  private static List<Query> queries(Path folder, String name) throws IOException {
    List<Query> queries = new ArrayList<>();
    for (JsonNode entry : JSON.readTree(folder.resolve("cases.json").toFile()).path("cases")) {
      if (entry.path("model").asText().equals("models/" + name + ".onnx")) {
        PerturbationSet set =
            new NormBall(
                Norm.of(entry.path("norm").asText()),
                entry.path("eps").asDouble(),
                !entry.path("clip").isNull());
        Path inputs = folder.resolve(entry.path("inputs").asText());
        int index = entry.path("index").asInt();
        queries.add(
            new Query(
                index,
                Optional.of(entry.path("id").asText()),
                input(inputs, index),
                entry.path("label").asInt(),
                new Question(set, Guarantee.NOMINAL)));
      }
    }
    return queries;
  }

  private static float[] input(Path description, int index) throws IOException {
    JsonNode inputs = JSON.readTree(description.toFile());
    byte[] pixels = Files.readAllBytes(description.resolveSibling(inputs.path("file").asText()));
    int length = pixels.length / inputs.path("count").asInt();
    int start = (index - inputs.path("first_index").asInt()) * length;
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = (float) ((pixels[start + i] & 0xff) / 255.0);
    }
    return x;
  }

  private static Map<String, String> known(Path folder) throws IOException {
    Map<String, String> known = new HashMap<>();
    for (JsonNode entry : JSON.readTree(folder.resolve("verdicts.json").toFile()).path("cases")) {
      known.put(entry.path("id").asText(), entry.path("verdict").asText());
    }
    return known;
  }
}
