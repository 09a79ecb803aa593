package dev.merlon.actors.report;

import static java.util.stream.Collectors.joining;

import dev.merlon.actors.run.MetricsRecord;
import dev.merlon.config.RunSettings;
import dev.merlon.config.evaluation.FinalModel;
import dev.merlon.config.evaluation.SelectionSettings;
import dev.merlon.config.evaluation.SelectionSplit;
import dev.merlon.model.measure.MeasureBasis;
import dev.merlon.model.verify.count.Share;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.count.ThreatSummary;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a report says of a run in words and numbers. */
final class RunText {
  private final RunRecord run;

  RunText(RunRecord run) {
    this.run = run;
  }

  /** What the run is. */
  String sentence() {
    RunSettings settings = run.settings();
    return String.format(
        Locale.ROOT,
        "%s trained by %s against %s on the data set %s, %d of %d epochs, seed %d.%s",
        settings.networkName(),
        settings.objective().kind(),
        settings.against(),
        data(),
        run.metrics().last().epoch(),
        settings.epochs(),
        settings.seed(),
        run.identity().averaged() ? " The model is an average of weights." : "");
  }

  /** How the run's result was chosen among its models; empty where they were not compared. */
  Optional<String> choice() {
    SelectionSettings selection = run.settings().selection();
    Optional<MetricsRecord.ModelScores> best = run.metrics().last().compared();
    if (!selection.active() || best.isEmpty()) {
      return Optional.empty();
    }
    if (!best.get().isChosen()) {
      return Optional.of(
          "No compared model has a %s above 0 on the %s images: none was chosen, and the result is the last."
              .formatted(selection.scoreName(), selection.split().word()));
    }
    String words =
        String.format(
            Locale.ROOT,
            "Epoch %d has the best %s on the %s images; the result is the %s model.",
            best.get().bestEpoch(),
            selection.scoreName(),
            selection.split().word(),
            selection.result() == FinalModel.BEST ? "best" : "last");
    return Optional.of(
        selection.split() == SelectionSplit.TEST && selection.result() == FinalModel.BEST
            ? words + " It was chosen on the test images, so figures on them are optimistic."
            : words);
  }

  /** The word for the run's images. */
  String data() {
    return run.settings().data().kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What the run was made from. */
  Map<String, String> provenance() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Objective", run.settings().objective().kind());
    if (!run.settings().startModel().isEmpty()) {
      facts.put("Start model", digest(run.settings().startModel()));
    }
    sessions(facts);
    facts.put("Settings", "sha256 " + run.identity().settings());
    facts.put("Training images", digest(run.identity().trainingData().orElse("")));
    facts.put("Test images", digest(run.verdicts().map(found -> found.about().data()).orElse("")));
    facts.put("Model", digest(run.identity().model().orElse("")));
    return facts;
  }

  private void sessions(Map<String, String> facts) {
    List<RunSession> sessions = run.sessions();
    if (sessions.isEmpty()) {
      return;
    }
    facts.put("Started", sessions.get(0).when());
    facts.put("Duration", RunSession.duration(sessions));
    facts.put(
        "Merlon", sessions.stream().map(RunSession::version).distinct().collect(joining(", ")));
    if (sessions.size() == 1) {
      facts.put("Command", sessions.get(0).command());
    }
  }

  /** One row for each session of a run that had several. */
  List<List<DomContent>> sessionRows() {
    return run.sessions().size() < 2
        ? List.of()
        : run.sessions().stream()
            .map(
                session ->
                    List.of(
                        Blocks.cell(session.when()),
                        Blocks.cell(session.how()),
                        Blocks.cell(session.version()),
                        Blocks.cell(session.command())))
            .toList();
  }

  /** What the table of results counts. */
  String resultsNote() {
    RunVerdicts verdicts = run.verdicts().orElseThrow();
    return String.format(
        Locale.ROOT,
        "Shares of %,d test images, misclassified ones included; adversarial is the share that"
            + " survives PGD; an image counts for the union if it does so, or is proved, for every"
            + " norm. Guarantee: %s.",
        verdicts.summary().inputs(),
        verdicts.about().guarantee().word());
  }

  /** One row per perturbation and one for their union. */
  List<List<DomContent>> resultRows(Summary summary) {
    List<List<DomContent>> rows = new ArrayList<>();
    String natural = Blocks.percent(summary.natural().lower());
    for (ThreatSummary threat : summary.threats()) {
      rows.add(row(threat.name(), natural, threat.adversarial(), threat.certified()));
    }
    if (summary.threats().size() > 1) {
      rows.add(row("union", natural, summary.surviving(), summary.union()));
    }
    return rows;
  }

  /** How fast it was. */
  String trainingNote() {
    List<MetricsRecord.Epoch> epochs = run.metrics().epochs();
    double seconds = epochs.stream().mapToDouble(line -> line.figures().seconds()).sum();
    double rate =
        epochs.stream().mapToDouble(line -> line.figures().imagesPerSecond()).average().orElse(0);
    return String.format(
        Locale.ROOT,
        "%,d steps in %s, %,.0f images/s. Losses and accuracies are means over an epoch's training"
            + " images at the epoch's own radius; the parts of the loss are those of the steps"
            + " that were written down.",
        run.metrics().last().step(),
        time(seconds),
        rate);
  }

  /** What measured figures are based on. */
  String basisNote() {
    MeasureBasis basis = run.basis().orElseThrow();
    return String.format(
        Locale.ROOT,
        "On the first %,d test images; attack: PGD, %d steps, %s.",
        basis.images(),
        basis.attackSteps(),
        basis.attackRestarts() == 1 ? "1 start" : basis.attackRestarts() + " starts");
  }

  /** The command that measures. */
  String measure() {
    return "merlon report "
        + run.directory()
        + (run.settings().data().kind().files() ? " --data DIR" : "");
  }

  /** The command that goes on with the run. */
  String resume() {
    return "merlon train "
        + run.directory().settings()
        + (run.settings().data().kind().files() ? " --data DIR" : "")
        + " --run-dir "
        + run.directory()
        + " --resume";
  }

  private static List<DomContent> row(
      String name, String natural, Optional<Share> adversarial, Share certified) {
    return List.of(
        Blocks.cell(name),
        Blocks.cell(natural),
        Blocks.cell(adversarial.map(share -> Blocks.percent(share.lower())).orElse("not run")),
        Blocks.cell(Blocks.percent(certified.lower())),
        Blocks.cell(Blocks.percent(certified.upper() - certified.lower())));
  }

  private static String digest(String sha256) {
    return sha256.isEmpty() ? "not known" : "sha256 " + sha256;
  }

  /** A time for people, such as {@code 3.5 min}. */
  static String time(double seconds) {
    if (seconds < 120) {
      return String.format(Locale.ROOT, "%.0f s", seconds);
    }
    return seconds < 7200
        ? String.format(Locale.ROOT, "%.1f min", seconds / 60)
        : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
  }
}
