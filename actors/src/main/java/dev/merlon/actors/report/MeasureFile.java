package dev.merlon.actors.report;

import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.config.ThreatSpec;
import dev.merlon.model.measure.MeasureBasis;
import dev.merlon.model.measure.MeasureLine;
import dev.merlon.model.measure.ModelMeasure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured of a run's models, one line per model, found again by the model's digest. A
 * model that is trained again to the same bits keeps its measure, one that is not never gets
 * another's. A line that a crash cut off is dropped.
 */
final class MeasureFile {
  private final Path file;
  private final List<ModelMeasure> measures;

  private MeasureFile(Path file, List<ModelMeasure> measures) {
    this.file = file;
    this.measures = new ArrayList<>(measures);
  }

  /**
   * The measures of a run so far; none where there is no file.
   *
   * @throws MerlonException (data) if a line is damaged that is not the last
   */
  static MeasureFile of(RunFolder run) {
    Path file = run.measures();
    List<ModelMeasure> measures = new ArrayList<>();
    if (Files.isRegularFile(file)) {
      String text = RunFolder.text(file);
      List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
      for (int number = 1; number <= lines.size(); number++) {
        measures.add(read(file, number, lines.get(number - 1)));
      }
    }
    return new MeasureFile(file, measures);
  }

  /** The measures of one basis by model. */
  Map<String, ModelMeasure> of(MeasureBasis basis, List<ThreatSpec> threats) {
    Map<String, ModelMeasure> byModel = new LinkedHashMap<>();
    measures.stream()
        .filter(measure -> measure.basis().equals(basis))
        .filter(measure -> threats.stream().allMatch(threat -> measure.threat(threat).isPresent()))
        .forEach(measure -> byModel.put(measure.model(), measure));
    return byModel;
  }

  /** The basis of the measure that was made last. */
  Optional<MeasureBasis> newestBasis() {
    return measures.isEmpty()
        ? Optional.empty()
        : Optional.of(measures.get(measures.size() - 1).basis());
  }

  /**
   * Adds a measure and writes it down.
   *
   * @throws MerlonException (configuration) if the file cannot be written
   */
  void add(ModelMeasure measure) {
    measures.add(measure);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      cutTornLine();
      Files.writeString(
          file,
          MeasureLine.write(measure) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException unwritable) {
      throw Unwritable.of(
          file + " cannot be written",
          "Make room and the directory writable; what was measured before stays.",
          unwritable);
    }
  }

  private void cutTornLine() throws IOException {
    if (Files.isRegularFile(file)) {
      String text = Files.readString(file);
      if (!text.isEmpty() && !text.endsWith("\n")) {
        Files.writeString(file, text.substring(0, text.lastIndexOf('\n') + 1));
      }
    }
  }

  private static ModelMeasure read(Path file, int number, String line) {
    try {
      return MeasureLine.read(line);
    } catch (MerlonException damaged) {
      throw new MerlonException(
          new Failure.Data(
              "Line " + number + " of " + file + " is damaged: " + damaged.failure().message(),
              "Delete the file; it is measured again."),
          damaged);
    }
  }
}
