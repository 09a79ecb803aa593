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
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Published cases through the command line: no verdict contradicts a known one. */
class CertifyCasesGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path home;

  @Test
  void certify_publishedCases_contradictsNoKnownVerdict() throws IOException {
    Path folder = golden();
    Map<String, String> known = new HashMap<>();
    for (JsonNode entry : JSON.readTree(folder.resolve("verdicts.json").toFile()).path("cases")) {
      known.put(entry.path("id").asText(), entry.path("verdict").asText());
    }
    int asked = select(folder, known);
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
    Map<String, Integer> confirmed = new HashMap<>();
    for (String line : Files.readAllLines(out)) {
      JsonNode verdict = JSON.readTree(line);
      String id = verdict.path("id").asText();
      String word = verdict.path("verdict").asText();
      switch (word) {
        case "certified" -> assertThat(known.get(id)).as(id).isEqualTo("certified");
        case "falsified" -> assertThat(known.get(id)).as(id).isEqualTo("counterexample");
        case "unknown", "timeout" -> {}
        default -> throw new AssertionError(line);
      }
      confirmed.merge(word, 1, Integer::sum);
    }
    assertThat(asked).isPositive();
    assertThat(Files.readAllLines(out)).hasSize(asked);
    assertThat(confirmed.containsKey("certified")).isEqualTo(known.containsValue("certified"));
    assertThat(confirmed.containsKey("falsified")).isEqualTo(known.containsValue("counterexample"));
  }

  private static Path golden() {
    String folder = Optional.ofNullable(System.getenv("MERLON_GOLDEN")).orElse("");
    assumeTrue(!folder.isEmpty(), "MERLON_GOLDEN is not set: golden values are not compared");
    return Path.of(folder).resolve("verification");
  }

  /** Writes the cases whose answer is known, with absolute paths; returns their number. */
  private int select(Path folder, Map<String, String> known) throws IOException {
    ObjectNode file = JSON.createObjectNode();
    ArrayNode cases = file.putArray("cases");
    for (JsonNode entry : JSON.readTree(folder.resolve("cases.json").toFile()).path("cases")) {
      if (!"unknown".equals(known.get(entry.path("id").asText()))) {
        ObjectNode chosen = entry.deepCopy();
        chosen.put("model", folder.resolve(entry.path("model").asText()).toString());
        chosen.put("inputs", folder.resolve(entry.path("inputs").asText()).toString());
        cases.add(chosen);
      }
    }
    Files.writeString(home.resolve("cases.json"), file.toString());
    return cases.size();
  }
}
