package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.actors.SmallModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path home;
  private Path model;

  @BeforeEach
  void certify() throws IOException {
    model = SmallModel.write(home.resolve("small.onnx"), 28);
    CapturedRun run =
        run(
            "certify",
            model.toString(),
            "--data",
            "demo",
            "--first",
            "40",
            "--norm",
            "linf:0.2",
            "--rungs",
            "ibp,pgd");
    assertThat(run.code()).as(run.err()).isZero();
  }

  @Test
  void list_oneModel_hasItsCounts() throws IOException {
    CapturedRun table = run("store", "list");
    assertThat(table.code()).isZero();
    assertThat(table.out()).contains("1 model", model.toString(), "certified", "conflict");

    JsonNode models = json("list").get("models");
    assertThat(models).hasSize(1);
    int all = 0;
    for (String kind : List.of("certified", "falsified", "unknown", "timeout", "misclassified")) {
      all += models.get(0).get(kind).asInt();
    }
    assertThat(all).isEqualTo(40);
    assertThat(models.get(0).get("conflict").asInt()).isZero();
  }

  @Test
  void show_modelAndQuestion_bothFindVerdicts() throws IOException {
    JsonNode ofModel = json("show", model.toString()).get("verdicts");
    assertThat(ofModel).hasSize(40);
    String query = ofModel.get(0).get("query").asText();

    assertThat(json("show", query.substring(0, 20)).get("verdicts"))
        .containsExactly(ofModel.get(0));
    assertThat(run("store", "show", model.toString()).out())
        .startsWith("40 verdicts")
        .contains("linf:0.2", query.substring(0, 12));
    assertThat(run("store", "show", "small").onlyErrorLine().orElseThrow())
        .contains("small is no model's file");
  }

  @Test
  void verify_itsModel_confirmsEveryCounterexample() throws IOException {
    int falsified = json("list").get("models").get(0).get("falsified").asInt();
    assertThat(falsified).isPositive();

    JsonNode report = json("verify", model.toString());

    assertThat(report.get("whole").asBoolean()).isTrue();
    assertThat(report.get("counterexamples").get(0).get("confirmed").asInt()).isEqualTo(falsified);
    assertThat(run("store", "verify", model.toString()).out())
        .contains("is whole", falsified + " counterexamples confirmed");
  }

  @Test
  void prune_dryAndThenNot_removesWhatItCounted() throws IOException {
    assertThat(json("prune", "--older-than", "1d").get("removed").asInt()).isZero();
    assertThat(json("prune", "--model", model.toString(), "--dry-run").get("would-remove").asInt())
        .isEqualTo(40);
    assertThat(json("list").get("models")).hasSize(1);

    assertThat(run("store", "prune", "--model", model.toString()).out())
        .isEqualToIgnoringNewLines("40 verdicts removed");
    assertThat(json("list").get("models")).isEmpty();
  }

  @Test
  void prune_nothingNamed_isRefused() {
    CapturedRun run = run("store", "prune");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains("--model", "--older-than");
  }

  @Test
  void store_withoutFileOrCommand_isOneLine() {
    CapturedRun none =
        CapturedRun.of(home, "store", "list", "--store", home.resolve("none.db").toString());
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.onlyErrorLine().orElseThrow()).contains("There is no store of verdicts");
    assertThat(home.resolve("none.db")).doesNotExist();
    assertThat(CapturedRun.of(home, "store").code()).isEqualTo(2);
  }

  private JsonNode json(String... arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of("store"));
    words.addAll(List.of(arguments));
    words.add("--json");
    CapturedRun run = run(words.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    return JSON.readTree(run.out());
  }

  private CapturedRun run(String... arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    words.addAll(List.of("--store", home.resolve("kept.db").toString()));
    return CapturedRun.of(home, words.toArray(String[]::new));
  }
}
