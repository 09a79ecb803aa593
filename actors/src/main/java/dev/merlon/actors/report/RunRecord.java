package dev.merlon.actors.report;

import dev.merlon.actors.run.MetricsRecord;
import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.RunSettings;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.measure.MeasureBasis;
import dev.merlon.model.measure.ModelMeasure;
import dev.merlon.model.measure.WorstCase;
import dev.merlon.model.verify.count.Summary;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a report says of one run. What is absent was not measured; nothing stands in for
 * it.
 *
 * @param configuration {@code run.conf} as it was written
 * @param identity what the run is and was made from
 * @param sessions the commands that worked on it; none where they were not written down
 * @param verdicts about the last model, once the run has ended
 * @param measured what was measured of the epochs' models, in their order
 * @param worstCases exact worst cases of the last model; none where nobody asked for them
 * @param images the test images, where they are at hand
 * @param notes what a reader must know, one sentence each
 */
public record RunRecord(
    RunDirectory directory,
    RunSettings settings,
    String configuration,
    Identity identity,
    MetricsLog metrics,
    List<RunSession> sessions,
    Optional<RunVerdicts> verdicts,
    List<MeasuredEpoch> measured,
    List<WorstCase> worstCases,
    Optional<Dataset> images,
    List<String> notes) {

  /** Copies the lists. */
  public RunRecord {
    sessions = List.copyOf(sessions);
    measured = List.copyOf(measured);
    worstCases = List.copyOf(worstCases);
    notes = List.copyOf(notes);
  }

  /**
   * What the run is and was made from: digests, empty where nothing says them.
   *
   * @param settings of the settings
   * @param trainingData of the training images
   * @param model of the last model's file
   * @param averaged whether that model is an average of weights
   */
  public record Identity(
      String settings, Optional<String> trainingData, Optional<String> model, boolean averaged) {}

  /**
   * A measured epoch.
   *
   * @param epoch counted from 1
   */
  record MeasuredEpoch(int epoch, ModelMeasure measure) {}

  /** What the run is called. */
  public String name() {
    return directory.name();
  }

  /** The perturbations that the run is evaluated against. */
  List<ThreatSpec> threats() {
    return settings.evaluation().threats();
  }

  /** Accuracies of the last model. */
  Optional<Summary> summary() {
    return verdicts.map(RunVerdicts::summary);
  }

  /** What the measured figures are based on. */
  Optional<MeasureBasis> basis() {
    return measured.isEmpty() ? Optional.empty() : Optional.of(measured.get(0).measure().basis());
  }

  /** How many updates one epoch has. */
  double stepsPerEpoch() {
    MetricsRecord.Epoch last = metrics.last();
    return (double) last.step() / last.epoch();
  }
}
