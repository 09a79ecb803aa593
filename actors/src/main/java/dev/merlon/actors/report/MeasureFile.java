package dev.merlon.actors.report;

import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.file.LineFile;
import dev.merlon.model.measure.MeasureBasis;
import dev.merlon.model.measure.MeasureLine;
import dev.merlon.model.measure.ModelMeasure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured of a run's models, one line per model, found again by the model's digest. A
 * model that is trained again to the same bits keeps its measure, one that is not never gets
 * another's.
 */
final class MeasureFile {
  private static final LineFile.Format<ModelMeasure> FORMAT =
      new LineFile.Format<>(MeasureLine::write, MeasureLine::read);
  private static final LineFile.Damage DAMAGE =
      LineFile.Damage.advising(
          "Restore the file, or delete it: what is measured is measured again.");

  private final LineFile<ModelMeasure> file;
  private final List<ModelMeasure> entries;

  private MeasureFile(LineFile<ModelMeasure> file) {
    this.file = file;
    this.entries = new ArrayList<>(file.read().entries());
  }

  /**
   * The measures of a run so far; none where there is no file.
   *
   * @throws MerlonException (data) if a line is damaged that is not the last
   */
  static MeasureFile of(RunDirectory run) {
    return new MeasureFile(new LineFile<>(run.report().measures(), FORMAT, DAMAGE));
  }

  /** The measures of one basis by model. */
  Map<String, ModelMeasure> of(MeasureBasis basis, List<ThreatSpec> threats) {
    Map<String, ModelMeasure> byModel = new LinkedHashMap<>();
    entries.stream()
        .filter(measure -> measure.basis().equals(basis))
        .filter(measure -> threats.stream().allMatch(threat -> measure.threat(threat).isPresent()))
        .forEach(measure -> byModel.put(measure.model(), measure));
    return byModel;
  }

  /** The basis of the measure that was made last. */
  Optional<MeasureBasis> newestBasis() {
    return entries.isEmpty()
        ? Optional.empty()
        : Optional.of(entries.get(entries.size() - 1).basis());
  }

  /**
   * Adds a measure and writes it down.
   *
   * @throws MerlonException (configuration) if the file cannot be written
   */
  void add(ModelMeasure measure) {
    entries.add(measure);
    file.add(measure);
  }
}
