package dev.merlon.actors.report;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.training.ModelOrigin;
import dev.merlon.actors.training.TrainingOutcome;
import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.config.RunSettings;
import dev.merlon.model.data.Dataset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results of a training run, for the terminal and for a file in the run directory. */
public final class RunSummary {
  private final RunSettings settings;
  private final Dataset test;
  private final CertificationReport report;
  private final int epochs;
  private final ModelOrigin origin;
  private final String data;

  /**
   * The results of a run.
   *
   * @param test what it was certified on
   */
  public RunSummary(
      RunSettings settings,
      Dataset test,
      CertificationReport report,
      TrainingOutcome.Completed completed) {
    this.epochs = completed.epochs();
    this.origin = completed.origin();
    this.data = completed.data();
    this.settings = settings;
    this.test = test;
    this.report = report;
  }

  /** Lines for the terminal. */
  public List<String> text() {
    List<String> lines = new ArrayList<>();
    lines.add(title());
    lines.add("");
    lines.addAll(SummaryTable.ofCertification(report.summary()).lines());
    OriginSentences.of(origin).forEach(lines::add);
    lines.addAll(reused());
    return lines;
  }

  /** Lines of Markdown. */
  public List<String> markdown() {
    List<String> lines = new ArrayList<>();
    lines.add("# " + settings.name());
    lines.add("");
    lines.add(title() + ".");
    lines.add("");
    lines.addAll(SummaryTable.ofCertification(report.summary()).markdown());
    lines.add("");
    lines.add(
        "Fractions are of all inputs, misclassified ones included. Undecided inputs are neither"
            + " proved nor refuted. An input counts for the union if it is proved for every"
            + " perturbation. Pixels lie in [0,1] and so do perturbed ones. Guarantee: real (of the"
            + " exact function of the file's weights, rounding accounted for).");
    OriginSentences.of(origin).forEach(sentence -> lines.addAll(List.of("", sentence)));
    lines.add("");
    lines.add("- Model: `final.onnx`, sha256 `" + report.sha256() + "`");
    lines.add("- Settings: `run.conf`, sha256 `" + settings.digest() + "`");
    lines.add("- Training images: " + settings.data().kind().word() + ", sha256 `" + data + "`");
    lines.add("- Test images: " + test + ", sha256 `" + test.digest() + "`");
    lines.add("- Verdicts: `certificates.jsonl`");
    reused().forEach(sentence -> lines.add("- " + sentence));
    return lines;
  }

  /** Lines of Markdown about the commands that made a run. */
  public static List<String> sessions(List<RunSession> sessions) {
    List<String> lines = new ArrayList<>();
    if (sessions.size() > 1) {
      lines.add("- Duration: " + RunSession.duration(sessions));
    }
    for (RunSession session : sessions) {
      lines.add(
          "- Started: %s, %s, by Merlon %s: `%s`"
              .formatted(session.when(), session.how(), session.version(), session.command()));
    }
    return lines;
  }

  private List<String> reused() {
    return ReusedSentences.of(report.reused(), "--no-store");
  }

  private String title() {
    return String.format(
        Locale.ROOT,
        "%s: %s trained by %s for %s, certified on %s in %s",
        settings.name(),
        settings.networkName(),
        settings.objective().kind(),
        Amounts.count(epochs, "epoch"),
        Amounts.count(report.summary().inputs(), "test image"),
        Amounts.time(report.elapsed()));
  }
}
