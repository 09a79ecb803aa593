package dev.merlon.actors.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.actors.report.RunSummary;
import dev.merlon.actors.training.ModelOrigin;
import dev.merlon.actors.training.TrainingOutcome;
import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.actors.verification.Reused;
import dev.merlon.actors.verification.StoreChoice;
import dev.merlon.config.Settings;
import dev.merlon.config.attack.AttackStrength;
import dev.merlon.config.evaluation.FinalModel;
import dev.merlon.config.evaluation.SelectionMetric;
import dev.merlon.config.evaluation.SelectionSettings;
import dev.merlon.config.evaluation.SelectionSplit;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.EmbeddedDigits;
import dev.merlon.model.onnx.InputScaling;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.training.BestModel;
import dev.merlon.model.training.Weights;
import dev.merlon.model.verify.count.Requirement;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.verdict.Rung;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutcomeJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Examination EXAMINATION =
      new Examination(
          Path.of("m.onnx"),
          new InputChoice(
              new InputSource.Stored("demo", DataSplit.TEST),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              new InputChoice.Taken(Optional.empty(), InputScaling.NONE, Optional.empty())),
          List.of(Verdicts.LINF, Verdicts.L2));
  private static final Conduct CONDUCT =
      new Conduct(
          Optional.empty(), StoreChoice.NONE, Set.of(), Verifiers.USUAL, 0, Optional.empty());
  private static final JobOutcome.Inputs INPUTS =
      new JobOutcome.Inputs("demo", DataSplit.TEST, OptionalInt.empty());

  @Test
  void training_summary_hasTheDocumentedShape() throws JsonProcessingException {
    String line =
        Json.line(
            OutcomeJson.of(
                trained(
                    new ModelOrigin(6, Weights.TRAINED, Optional.empty()),
                    Duration.ofMillis(1500))));

    assertThat(JSON.readTree(line))
        .isEqualTo(
            JSON.readTree(
                """
                {"run": "runs/demo", "epochs": 6, "natural": 0.75,
                 "adversarial": {"linf": 0.75, "l2": 0.5},
                 "certified": {"linf": 0.5, "l2": 0.25}, "union": 0.25,
                 "model": "runs/demo/final.onnx", "reused": 0, "seconds": 1.5}
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
    String line = Json.line(OutcomeJson.of(trained(origin, Duration.ofSeconds(1))));

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

    String line = Json.line(OutcomeJson.of(trained(origin, Duration.ofSeconds(1))));

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
    String line = Json.line(OutcomeJson.of(certified(Duration.ofSeconds(2))));

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
  void certification_knownVerdicts_saysHowManyAreImpliedOrTimeouts() {
    JobOutcome.Certified fresh = certified(Duration.ZERO);
    CertificationReport known = report(Verdicts.summary(), new Reused(5, 2, 1), Duration.ZERO);

    assertThat(OutcomeJson.of(new JobOutcome.Certified(fresh.spec(), INPUTS, known)))
        .containsEntry("reused", 5)
        .containsEntry("implied", 2)
        .containsEntry("reused-timeouts", 1);
    assertThat(OutcomeJson.of(fresh)).doesNotContainKeys("implied", "reused-timeouts");
  }

  @Test
  void certification_gate_namesRequirementAndDecision() {
    Requirement requirement = Requirement.parse("union>=0.5");

    Map<String, Object> report = OutcomeJson.of(certified(Duration.ZERO, requirement));

    assertThat(report)
        .containsEntry("require", "union>=0.5")
        .containsEntry("decision", "undecided");
  }

  @Test
  void certification_severalRequirements_namesEachDecisionAndTheirs() {
    List<Requirement> gate =
        List.of(Requirement.parse("natural>=0.5"), Requirement.parse("union>=0.5"));

    Map<String, Object> report =
        OutcomeJson.of(certified(Duration.ZERO, gate.toArray(Requirement[]::new)));

    assertThat(report)
        .containsEntry("require", List.of("natural>=0.5", "union>=0.5"))
        .containsEntry("decisions", List.of("accepted", "undecided"))
        .containsEntry("decision", "undecided");
  }

  @Test
  void attack_inputThatCouldNotBeProcessed_isNamedAndNoSurvivor() {
    Map<String, Object> printed = OutcomeJson.of(attacked(Verdicts.withFailure()));

    assertThat(printed)
        .containsEntry("adversarial", Map.of("linf:0.1", 0.5))
        .containsEntry("union", 0.5)
        .containsEntry("unprocessed", 0.5);
    assertThat(OutcomeJson.of(attacked(Verdicts.summary()))).doesNotContainKey("unprocessed");
  }

  private static JobOutcome.Trained trained(ModelOrigin origin, Duration elapsed) {
    Dataset test = EmbeddedDigits.standard().read(DataSplit.TEST);
    CertificationReport report = report(Verdicts.summary(), Duration.ZERO);
    var summary = new RunSummary(Settings.load("demo", List.of()), test, report, completed(origin));
    return new JobOutcome.Trained(
        completed(origin),
        Optional.of(new JobOutcome.Evaluated(report, summary)),
        Optional.empty(),
        elapsed);
  }

  private static JobOutcome.Certified certified(Duration elapsed, Requirement... gate) {
    return new JobOutcome.Certified(
        new JobSpec.CertifyModel(
            EXAMINATION,
            new JobSpec.Terms(List.of(Rung.IBP), Guarantee.NOMINAL, Duration.ofSeconds(1)),
            List.of(gate),
            CONDUCT),
        INPUTS,
        report(Verdicts.summary(), elapsed));
  }

  private static JobOutcome.Attacked attacked(Summary summary) {
    return new JobOutcome.Attacked(
        new JobSpec.AttackModel(EXAMINATION, AttackStrength.QUICK.attack(), CONDUCT),
        INPUTS,
        report(summary, Duration.ZERO));
  }

  private static CertificationReport report(Summary summary, Duration elapsed) {
    return report(summary, Reused.NONE, elapsed);
  }

  private static CertificationReport report(Summary summary, Reused reused, Duration elapsed) {
    return new CertificationReport(
        "m.onnx", "ab12", "cd34", ModelUse.PLAIN, summary, reused, Optional.empty(), elapsed);
  }
}
