package dev.merlon.actors.report;

import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.file.LineFile;
import dev.merlon.model.measure.WorstCase;
import dev.merlon.model.measure.WorstCaseLine;
import dev.merlon.model.measure.WorstCaseProbe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The worst cases of a run's images, one line each, found again by model, images and threat. */
final class WorstCaseFile {
  private static final LineFile.Format<WorstCase> FORMAT =
      new LineFile.Format<>(WorstCaseLine::write, WorstCaseLine::read);
  private static final LineFile.Damage DAMAGE =
      LineFile.Damage.advising(
          "Restore the file, or delete it: what is measured is measured again.");

  private final LineFile<WorstCase> file;
  private final List<WorstCase> entries;

  private WorstCaseFile(LineFile<WorstCase> file) {
    this.file = file;
    this.entries = new ArrayList<>(file.read().entries());
  }

  /**
   * The worst cases of a run so far; none where there is no file.
   *
   * @throws MerlonException (data) if a line is damaged that is not the last
   */
  static WorstCaseFile of(RunDirectory run) {
    return new WorstCaseFile(new LineFile<>(run.report().worstCases(), FORMAT, DAMAGE));
  }

  /**
   * The worst cases of a model, in the order of the images. An image that was asked for again
   * counts as it came out last.
   *
   * @param data digest of the images; empty for whatever there is
   */
  List<WorstCase> of(String model, Optional<String> data, ThreatSpec threat) {
    var byImage = new TreeMap<Integer, WorstCase>();
    entries.stream()
        .filter(worst -> worst.model().equals(model) && worst.threat().equals(threat))
        .filter(worst -> worst.basis().equals(WorstCaseProbe.basis()))
        .filter(worst -> data.isEmpty() || data.get().equals(worst.data()))
        .forEach(worst -> byImage.put(worst.index(), worst));
    return List.copyOf(byImage.values());
  }

  /**
   * Adds one and writes it down.
   *
   * @throws MerlonException (configuration) if the file cannot be written
   */
  void add(WorstCase worst) {
    entries.add(worst);
    file.add(worst);
  }
}
