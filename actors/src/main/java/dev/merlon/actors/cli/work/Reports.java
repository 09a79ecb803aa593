package dev.merlon.actors.cli.work;

import dev.merlon.actors.training.ModelOrigin;
import dev.merlon.actors.training.TrainingOutcome;
import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.actors.verification.Reused;
import dev.merlon.config.AttackMethod;
import dev.merlon.config.EvaluationAttack;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.training.Weights;
import dev.merlon.model.verify.Outcome;
import dev.merlon.model.verify.Requirement;
import dev.merlon.model.verify.Rung;
import dev.merlon.model.verify.Share;
import dev.merlon.model.verify.Summary;
import dev.merlon.model.verify.ThreatSummary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The JSON objects that commands print. Every fraction is one of all inputs asked for. */
final class Reports {
  private Reports() {}

  /** What {@code train} and {@code demo} print. */
  static Map<String, Object> training(
      TrainingOutcome.Completed completed, Summary summary, Duration elapsed) {
    var report = new LinkedHashMap<String, Object>();
    report.put("run", completed.directory().toString());
    report.put("epochs", completed.epochs());
    report.put("natural", summary.natural().lower());
    report.put("adversarial", adversarial(summary));
    report.put("certified", byNorm(summary, threat -> threat.certified().lower()));
    report.put("union", summary.union().lower());
    report.put("model", completed.model().toString());
    if (completed.origin().weights() == Weights.AVERAGED) {
      report.put("weights", "averaged");
    }
    completed
        .origin()
        .choice()
        .ifPresent(choice -> report.put("selection", selection(choice, completed.origin())));
    report.put("seconds", seconds(elapsed));
    return report;
  }

  private static Map<String, Object> selection(ModelOrigin.Choice choice, ModelOrigin origin) {
    var selection = new LinkedHashMap<String, Object>();
    selection.put("metric", choice.settings().metric().word());
    choice.settings().threat().ifPresent(threat -> selection.put("threat", threat.toString()));
    selection.put("split", choice.settings().split().word());
    selection.put("best-epoch", choice.best().epoch());
    selection.put("best", choice.best().value());
    selection.put("chosen", choice.best().isChosen());
    selection.put("model-epoch", origin.epoch());
    return selection;
  }

  /**
   * What {@code certify} prints.
   *
   * @param gate requirements, whose decision is added; none = no gate
   */
  static Map<String, Object> certification(
      Path model, CertificationReport certified, List<Requirement> gate) {
    Summary summary = certified.summary();
    var report = new LinkedHashMap<String, Object>();
    report.put("model", model.toString());
    report.put("sha256", certified.sha256());
    report.put("data", certified.data());
    putUse(report, certified.use());
    report.put("inputs", summary.inputs());
    report.put("answered", summary.answered());
    report.put("natural", summary.natural().lower());
    report.put("certified", byThreat(summary, threat -> threat.certified().lower()));
    report.put("falsified", byThreat(summary, threat -> share(threat, Outcome.Kind.FALSIFIED)));
    report.put("unknown", byThreat(summary, Reports::unknown));
    report.put("union", summary.union().lower());
    putUnprocessed(report, summary);
    report.put("rungs", rungs(summary));
    putReused(report, certified.reused());
    putGate(report, gate, summary);
    report.put("seconds", seconds(certified.elapsed()));
    return report;
  }

  /** What {@code attack} prints; {@code union} is the accuracy under all attacks together. */
  static Map<String, Object> attack(
      Path model, CertificationReport attacked, EvaluationAttack attack) {
    Summary summary = attacked.summary();
    var report = new LinkedHashMap<String, Object>();
    report.put("model", model.toString());
    report.put("sha256", attacked.sha256());
    report.put("data", attacked.data());
    putUse(report, attacked.use());
    report.put("inputs", summary.inputs());
    report.put("natural", summary.natural().lower());
    report.put("attack", attack.method().word());
    report.put("steps", attack.settings().steps());
    report.put("restarts", attack.settings().restarts());
    if (attack.method() == AttackMethod.PGD) {
      report.put("step-size", attack.settings().stepSize());
    }
    report.put("adversarial", byThreat(summary, threat -> lower(threat.adversarial())));
    report.put("union", lower(summary.surviving()));
    putUnprocessed(report, summary);
    putReused(report, attacked.reused());
    report.put("seconds", seconds(attacked.elapsed()));
    return report;
  }

  private static void putGate(Map<String, Object> report, List<Requirement> gate, Summary summary) {
    if (gate.isEmpty()) {
      return;
    }
    if (gate.size() == 1) {
      report.put("require", gate.get(0).toString());
    } else {
      report.put("require", gate.stream().map(Requirement::toString).toList());
      report.put("decisions", gate.stream().map(each -> word(each.decide(summary))).toList());
    }
    report.put("decision", word(Requirement.decide(gate, summary)));
  }

  /** What was known before. */
  static void putReused(Map<String, Object> report, Reused reused) {
    report.put("reused", reused.verdicts());
    if (reused.implied() > 0) {
      report.put("implied", reused.implied());
    }
  }

  private static String word(Requirement.Decision decision) {
    return decision.name().toLowerCase(Locale.ROOT);
  }

  private static void putUse(Map<String, Object> report, ModelUse use) {
    use.input().ifPresent(done -> report.put("input", done));
    use.threshold().ifPresent(decisive -> report.put("threshold", decisive.value()));
  }

  private static void putUnprocessed(Map<String, Object> report, Summary summary) {
    int inputs = summary.unprocessed().inputs();
    if (inputs > 0) {
      report.put("unprocessed", (double) inputs / summary.inputs());
    }
  }

  private static double lower(Optional<Share> attacked) {
    return attacked.orElseThrow().lower();
  }

  private static Map<String, Double> adversarial(Summary summary) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (ThreatSummary threat : summary.threats()) {
      threat.adversarial().ifPresent(share -> values.put(key(summary, threat), share.lower()));
    }
    return values;
  }

  private static <T> Map<String, T> byNorm(Summary summary, Function<ThreatSummary, T> value) {
    return collect(summary, threat -> key(summary, threat), value);
  }

  private static <T> Map<String, T> byThreat(Summary summary, Function<ThreatSummary, T> value) {
    return collect(summary, ThreatSummary::name, value);
  }

  private static <T> Map<String, T> collect(
      Summary summary, Function<ThreatSummary, String> key, Function<ThreatSummary, T> value) {
    return summary.threats().stream()
        .collect(
            Collectors.toMap(key, value, (first, second) -> first, LinkedHashMap<String, T>::new));
  }

  /** The keyword alone where it names one threat only, such as the norm of a ball. */
  private static String key(Summary summary, ThreatSummary threat) {
    String kind = threat.set().keyword();
    long same =
        summary.threats().stream().filter(other -> other.set().keyword().equals(kind)).count();
    return same == 1 ? kind : threat.name();
  }

  private static double unknown(ThreatSummary threat) {
    int open = threat.count(Outcome.Kind.UNKNOWN) + threat.count(Outcome.Kind.TIMEOUT);
    return (double) open / threat.inputs();
  }

  private static double share(ThreatSummary threat, Outcome.Kind kind) {
    return (double) threat.count(kind) / threat.inputs();
  }

  private static Map<String, Integer> rungs(Summary summary) {
    Map<String, Integer> rungs = new LinkedHashMap<>();
    for (Rung rung : Rung.values()) {
      Optional.ofNullable(summary.rungs().get(rung))
          .ifPresent(count -> rungs.put(rung.word(), count));
    }
    return rungs;
  }

  private static double seconds(Duration elapsed) {
    return elapsed.toMillis() / 1000.0;
  }
}
