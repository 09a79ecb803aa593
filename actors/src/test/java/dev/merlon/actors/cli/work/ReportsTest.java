package dev.merlon.actors.cli.work;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.actors.training.ModelOrigin;
import dev.merlon.actors.training.TrainingOutcome;
import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.actors.verification.Reused;
import dev.merlon.config.AttackStrength;
import dev.merlon.config.FinalModel;
import dev.merlon.config.SelectionMetric;
import dev.merlon.config.SelectionSettings;
import dev.merlon.config.SelectionSplit;
import dev.merlon.config.ThreatSpec;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.training.BestModel;
import dev.merlon.model.training.Weights;
import dev.merlon.model.verify.Requirement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void training_summary_hasTheDocumentedShape() throws JsonProcessingException {
    String line =
        Json.line(
            Reports.training(
                completed(new ModelOrigin(6, Weights.TRAINED, Optional.empty())),
                Verdicts.summary(),
                Duration.ofMillis(1500)));

    assertThat(JSON.readTree(line))
        .isEqualTo(
            JSON.readTree(
                """
                {"run": "runs/demo", "epochs": 6, "natural": 0.75,
                 "adversarial": {"linf": 0.75, "l2": 0.5},
                 "certified": {"linf": 0.5, "l2": 0.25}, "union": 0.25,
                 "model": "runs/demo/final.onnx", "seconds": 1.5}
                """));
  }

  @Test
  void training_chosenAverage_saysWhichModelItIs() throws JsonProcessingException {
    SelectionSettings settings =
        new SelectionSettings(
            SelectionMetric.CERTIFIED,
            Optional.of(ThreatSpec.parse("linf:0.1")),
            SelectionSplit.TEST,
            2,
            3,
            FinalModel.BEST);
    ModelOrigin origin =
        new ModelOrigin(
            4,
            Weights.AVERAGED,
            Optional.of(new ModelOrigin.Choice(settings, new BestModel(4, 0.75))));
    String line =
        Json.line(Reports.training(completed(origin), Verdicts.summary(), Duration.ofSeconds(1)));

    assertThat(JSON.readTree(line).path("weights").asText()).isEqualTo("averaged");
    assertThat(JSON.readTree(line).path("selection"))
        .isEqualTo(
            JSON.readTree(
                """
                {"metric": "certified", "threat": "linf:0.1", "split": "test", "best-epoch": 4,
                 "best": 0.75, "chosen": true, "model-epoch": 4}
                """));
  }

  @Test
  void training_everyScoreZero_saysThatNoneWasChosen() throws JsonProcessingException {
    SelectionSettings settings =
        new SelectionSettings(
            SelectionMetric.CERTIFIED,
            Optional.empty(),
            SelectionSplit.VALIDATION,
            2,
            0,
            FinalModel.BEST);
    ModelOrigin origin =
        new ModelOrigin(
            6, Weights.TRAINED, Optional.of(new ModelOrigin.Choice(settings, new BestModel(6, 0))));

    String line =
        Json.line(Reports.training(completed(origin), Verdicts.summary(), Duration.ofSeconds(1)));

    assertThat(JSON.readTree(line).path("selection").path("chosen").asBoolean(true)).isFalse();
  }

  private static TrainingOutcome.Completed completed(ModelOrigin origin) {
    return new TrainingOutcome.Completed(
        Path.of("runs/demo"),
        Path.of("runs/demo/final.onnx"),
        origin,
        "ef56",
        6,
        100,
        Optional.empty(),
        Duration.ofSeconds(1));
  }

  @Test
  void certification_noGate_hasTheDocumentedShape() throws JsonProcessingException {
    String line =
        Json.line(
            Reports.certification(Path.of("m.onnx"), report(Duration.ofSeconds(2)), List.of()));

    assertThat(JSON.readTree(line))
        .isEqualTo(
            JSON.readTree(
                """
                {"model": "m.onnx", "sha256": "ab12", "data": "cd34", "inputs": 4, "answered": 4,
                 "natural": 0.75,
                 "certified": {"linf:0.1": 0.5, "l2:0.5": 0.25},
                 "falsified": {"linf:0.1": 0.0, "l2:0.5": 0.25},
                 "unknown": {"linf:0.1": 0.25, "l2:0.5": 0.25}, "union": 0.25,
                 "rungs": {"predict": 2, "ibp": 1, "crown-ibp": 1, "pgd": 1, "crown": 1},
                 "reused": 0,
                 "seconds": 2.0}
                """));
  }

  @Test
  void certification_gate_namesRequirementAndDecision() {
    Requirement requirement = Requirement.parse("union>=0.5");

    Map<String, Object> report =
        Reports.certification(Path.of("m.onnx"), report(Duration.ZERO), List.of(requirement));

    assertThat(report)
        .containsEntry("require", "union>=0.5")
        .containsEntry("decision", "undecided");
  }

  @Test
  void certification_severalRequirements_namesEachDecisionAndTheirs() {
    List<Requirement> gate =
        List.of(Requirement.parse("natural>=0.5"), Requirement.parse("union>=0.5"));

    Map<String, Object> report =
        Reports.certification(Path.of("m.onnx"), report(Duration.ZERO), gate);

    assertThat(report)
        .containsEntry("require", List.of("natural>=0.5", "union>=0.5"))
        .containsEntry("decisions", List.of("accepted", "undecided"))
        .containsEntry("decision", "undecided");
  }

  @Test
  void attack_inputThatCouldNotBeProcessed_isNamedAndNoSurvivor() {
    CertificationReport report =
        new CertificationReport(
            "m.onnx",
            "ab12",
            "cd34",
            ModelUse.PLAIN,
            Verdicts.withFailure(),
            Reused.NONE,
            Optional.empty(),
            Duration.ZERO);

    Map<String, Object> printed =
        Reports.attack(Path.of("m.onnx"), report, AttackStrength.QUICK.attack());

    assertThat(printed)
        .containsEntry("adversarial", Map.of("linf:0.1", 0.5))
        .containsEntry("union", 0.5)
        .containsEntry("unprocessed", 0.5);
    assertThat(
            Reports.attack(Path.of("m.onnx"), report(Duration.ZERO), AttackStrength.QUICK.attack()))
        .doesNotContainKey("unprocessed");
  }

  private static CertificationReport report(Duration elapsed) {
    return new CertificationReport(
        "m.onnx",
        "ab12",
        "cd34",
        ModelUse.PLAIN,
        Verdicts.summary(),
        Reused.NONE,
        Optional.empty(),
        elapsed);
  }
}
