package dev.merlon.config.evaluation;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;
import dev.merlon.config.value.ThreatSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The comparison of a run's models at the ends of epochs, for the best of them and for stopping
 * early.
 *
 * @param metric what is compared; with {@code none} the rest does not matter
 * @param threat the one that the score is about; empty = every threat of the evaluation
 * @param split the images it is measured on
 * @param fromEpoch epochs finished before models are compared; may be a fraction
 * @param patience epochs without a better model after which training stops; 0 = never
 * @param result which model is the result of the run
 */
public record SelectionSettings(
    SelectionMetric metric,
    Optional<ThreatSpec> threat,
    SelectionSplit split,
    double fromEpoch,
    int patience,
    FinalModel result) {
  /** What stands for every threat of the evaluation. */
  private static final String EVERY_THREAT = "all";

  /** No comparison. */
  public static final SelectionSettings NONE =
      new SelectionSettings(
          SelectionMetric.NONE, Optional.empty(), SelectionSplit.VALIDATION, 0, 0, FinalModel.LAST);

  /** Checks the values. */
  public SelectionSettings {
    Check.atLeast("from-epoch", fromEpoch, 0.0);
    Check.atLeast("patience", patience, 0);
    Check.require(
        threat.isEmpty() || metric != SelectionMetric.NATURAL,
        "threat",
        "is set but metric is natural, which is about none: must be " + EVERY_THREAT);
  }

  /** Whether models are compared at all. */
  public boolean active() {
    return metric != SelectionMetric.NONE;
  }

  /** Whether the model at the end of an epoch is compared. */
  public boolean compares(int epochFromOne) {
    return active() && epochFromOne >= fromEpoch;
  }

  /** What the score is about. */
  public List<ThreatSpec> threats(EvaluationSettings evaluation) {
    return threat.map(List::of).orElse(evaluation.threats());
  }

  /** What is compared, for people: {@code certified accuracy against linf:0.1}. */
  public String scoreName() {
    return metric.word() + " accuracy" + threat.map(one -> " against " + one).orElse("");
  }

  /** Checks that models are compared by a perturbation that is evaluated. */
  public void requireMeasured(EvaluationSettings evaluation) {
    Check.require(
        threat.isEmpty() || evaluation.threats().contains(threat.get()),
        "selection.threat",
        "is "
            + threat.map(ThreatSpec::toString).orElse(EVERY_THREAT)
            + ": must be all or one of evaluation.threats, "
            + evaluation.threats().stream()
                .map(ThreatSpec::toString)
                .collect(Collectors.joining(", ")));
  }

  /** Reads a section of these settings. */
  public static SelectionSettings read(SettingsReader reader) {
    SelectionMetric metric = reader.choice("metric", SelectionMetric.class);
    if (metric == SelectionMetric.NONE) {
      return NONE;
    }
    return new SelectionSettings(
        metric,
        threat(reader),
        reader.choice("split", SelectionSplit.class),
        reader.decimal("from-epoch"),
        reader.integer("patience"),
        reader.choice("final", FinalModel.class));
  }

  private static Optional<ThreatSpec> threat(SettingsReader reader) {
    return reader.text("threat").strip().equals(EVERY_THREAT)
        ? Optional.empty()
        : Optional.of(reader.threat("threat"));
  }

  /** Writes them under the keys that {@link #read} takes. */
  public void write(SettingsWriter writer) {
    writer.choice("metric", metric);
    if (active()) {
      threat.ifPresent(one -> writer.text("threat", one.toString()));
      writer.choice("split", split);
      writer.decimal("from-epoch", fromEpoch);
      writer.whole("patience", patience);
      writer.choice("final", result);
    }
  }
}
