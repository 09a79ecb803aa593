package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Published cases through the command line: no verdict contradicts a known one. */
class CertifyCasesGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> MODELS =
      List.of("mnist-net_256x2", "mnist_tiny_20", "mnist_bn", "cifar10_marabou_small");

  @TempDir private Path home;

  @Test
  void certify_publishedCases_contradictsNoKnownVerdict() throws IOException {
    Path folder = golden();
    Map<String, String> known = new HashMap<>();
    for (JsonNode entry : JSON.readTree(folder.resolve("verdicts.json").toFile()).path("cases")) {
      known.put(entry.path("id").asText(), entry.path("verdict").asText());
    }
    int asked = select(folder);
    Path out = home.resolve("out.jsonl");

    CapturedRun run =
        CapturedRun.of(
            home,
            "certify",
            "--cases",
            home.resolve("cases.json").toString(),
            "--timeout",
            "2s",
            "--out",
            out.toString());

    assertThat(run.code()).as(run.err()).isIn(0, 4);
    int certified = 0;
    for (String line : Files.readAllLines(out)) {
      JsonNode verdict = JSON.readTree(line);
      String id = verdict.path("id").asText();
      switch (verdict.path("verdict").asText()) {
        case "certified" -> assertThat(known.get(id)).as(id).isNotEqualTo("counterexample");
        case "falsified" -> assertThat(known.get(id)).as(id).isNotEqualTo("certified");
        case "unknown", "timeout" -> {}
        default -> throw new AssertionError(line);
      }
      certified += verdict.path("verdict").asText().equals("certified") ? 1 : 0;
    }
    assertThat(Files.readAllLines(out)).hasSize(asked);
    assertThat(certified).isGreaterThanOrEqualTo(8);
  }

  private static Path golden() {
    String folder = Optional.ofNullable(System.getenv("MERLON_GOLDEN")).orElse("");
    assumeTrue(!folder.isEmpty(), "MERLON_GOLDEN is not set: golden values are not compared");
    return Path.of(folder).resolve("verification");
  }

  /** Writes the cases of quick models, with absolute paths; returns their number. */
  private int select(Path folder) throws IOException {
    ObjectNode file = JSON.createObjectNode();
    ArrayNode cases = file.putArray("cases");
    for (JsonNode entry : JSON.readTree(folder.resolve("cases.json").toFile()).path("cases")) {
      String model = entry.path("model").asText();
      if (MODELS.stream().anyMatch(name -> model.endsWith("/" + name + ".onnx"))) {
        ObjectNode chosen = entry.deepCopy();
        chosen.put("model", folder.resolve(model).toString());
        chosen.put("inputs", folder.resolve(entry.path("inputs").asText()).toString());
        cases.add(chosen);
      }
    }
    Files.writeString(home.resolve("cases.json"), file.toString());
    return cases.size();
  }
}
