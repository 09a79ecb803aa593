package dev.merlon.actors.job;

import dev.merlon.actors.training.ModelOrigin;
import dev.merlon.actors.training.TrainingOutcome;
import dev.merlon.actors.verification.CaseCounts;
import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.actors.verification.Reused;
import dev.merlon.config.attack.AttackMethod;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.training.Weights;
import dev.merlon.model.verify.cases.CaseFile;
import dev.merlon.model.verify.count.Requirement;
import dev.merlon.model.verify.count.Share;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.count.ThreatSummary;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * What came out of jobs as objects of JSON, as {@code --json} prints them. Every fraction is one of
 * all inputs asked for.
 */
public final class OutcomeJson {
  private OutcomeJson() {}

  /**
   * A run.
   *
   * @throws IllegalArgumentException unless it is trained and certified to the end
   */
  public static Map<String, Object> of(JobOutcome.Trained trained) {
    if (!(trained.training() instanceof TrainingOutcome.Completed completed)) {
      throw new IllegalArgumentException("a run that was stopped has no figures");
    }
    CertificationReport evaluated =
        trained
            .evaluation()
            .map(JobOutcome.Evaluated::report)
            .filter(report -> report.summary().complete())
            .orElseThrow(
                () -> new IllegalArgumentException("a run that is not certified has no figures"));
    Summary summary = evaluated.summary();
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
    putReused(report, evaluated.reused());
    report.put("seconds", seconds(trained.elapsed()));
    return report;
  }

  /** The answer to a property. */
  public static Map<String, Object> of(
      JobOutcome.PropertyVerified verified, JobOutcome.Verified.Answered answered) {
    Outcome answer = answered.answer();
    var report = new LinkedHashMap<String, Object>();
    report.put("model", verified.spec().model().toString());
    report.put("property", verified.spec().property().toString());
    report.put("verdict", answer.kind().competitionWord());
    report.put("reason", answer.reason().orElse(""));
    answer
        .witness()
        .ifPresent(
            found -> {
              report.put("x", found.inputs());
              report.put("y", found.outputs());
            });
    report.put("reused", answered.reused() ? 1 : 0);
    report.put("seconds", verified.elapsed().toMillis() / 1000.0);
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

  /** A certification. */
  public static Map<String, Object> of(JobOutcome.Certified certified) {
    Summary summary = certified.report().summary();
    Map<String, Object> report =
        examination(certified.spec().examination().model(), certified.report());
    report.put("answered", summary.answered());
    report.put("natural", summary.natural().lower());
    report.put("certified", byThreat(summary, threat -> threat.certified().lower()));
    report.put("falsified", byThreat(summary, threat -> share(threat, Outcome.Kind.FALSIFIED)));
    report.put("unknown", byThreat(summary, OutcomeJson::unknown));
    report.put("union", summary.union().lower());
    putUnprocessed(report, summary);
    report.put("rungs", rungs(summary));
    putReused(report, certified.report().reused());
    putGate(report, certified.spec().requirements(), summary);
    report.put("seconds", seconds(certified.report().elapsed()));
    return report;
  }

  /** An attack; {@code union} is the accuracy under all of them together. */
  public static Map<String, Object> of(JobOutcome.Attacked attacked) {
    Summary summary = attacked.report().summary();
    EvaluationAttack attack = attacked.spec().attack();
    Map<String, Object> report =
        examination(attacked.spec().examination().model(), attacked.report());
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
    putReused(report, attacked.report().reused());
    report.put("seconds", seconds(attacked.report().elapsed()));
    return report;
  }

  /** Cases of a file. */
  public static Map<String, Object> of(JobOutcome.CasesCertified certified) {
    Path file = certified.spec().cases();
    CaseCounts counts = certified.counts();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("cases", file.toString());
    report.put("asked", counts.asked());
    putKinds(report, counts::count);
    List<Map<String, Object>> models = new ArrayList<>();
    for (CaseCounts.Model model : counts.models()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("model", CaseFile.shown(file, model.model()));
      entry.put("asked", model.asked());
      putKinds(entry, model::count);
      entry.put("seconds", Math.round(1000 * model.seconds()) / 1000.0);
      models.add(entry);
    }
    report.put("models", models);
    putReused(report, counts.reused());
    report.put("seconds", seconds(certified.elapsed()));
    return report;
  }

  private static void putKinds(Map<String, Object> entry, ToIntFunction<Outcome.Kind> count) {
    Arrays.stream(Outcome.Kind.values())
        .forEach(kind -> entry.put(kind.word(), count.applyAsInt(kind)));
  }

  /** A page. */
  public static Map<String, Object> of(JobOutcome.Reported reported) {
    var report = new LinkedHashMap<String, Object>();
    report.put("report", reported.written().page().toString());
    report.put("figures", reported.written().figures().toString());
    report.put("runs", reported.runs().stream().map(Path::toString).toList());
    return report;
  }

  private static Map<String, Object> examination(Path model, CertificationReport examined) {
    var report = new LinkedHashMap<String, Object>();
    report.put("model", model.toString());
    report.put("sha256", examined.sha256());
    report.put("data", examined.data());
    putUse(report, examined.use());
    report.put("inputs", examined.summary().inputs());
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
  private static void putReused(Map<String, Object> report, Reused reused) {
    report.put("reused", reused.verdicts());
    if (reused.implied() > 0) {
      report.put("implied", reused.implied());
    }
    if (reused.timeouts() > 0) {
      report.put("reused-timeouts", reused.timeouts());
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
