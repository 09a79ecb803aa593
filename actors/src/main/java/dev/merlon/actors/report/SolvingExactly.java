package dev.merlon.actors.report;

import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.RunSettings;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.measure.WorstCase;
import dev.merlon.model.measure.WorstCaseProbe;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Solves the worst cases of a run's last model on the first test images, under the run's first
 * perturbation that linear constraints describe. What was solved before is not solved again.
 */
public final class SolvingExactly {
  private final WorstCaseFile file;
  private final WorstCaseProbe probe;
  private final Duration limit;
  private final List<Integer> open;

  private SolvingExactly(
      WorstCaseFile file, WorstCaseProbe probe, Duration limit, List<Integer> open) {
    this.file = file;
    this.probe = probe;
    this.limit = limit;
    this.open = open;
  }

  /**
   * How many images are solved.
   *
   * @param images from the first, 0 or more
   * @param limit time for each
   */
  public record Extent(int images, Duration limit) {}

  /**
   * What there is left to solve of a run.
   *
   * @param test the run's test images
   * @throws MerlonException (configuration) if the run has no last model yet, or one that cannot be
   *     solved exactly; (data) if what was solved before is damaged
   */
  public static SolvingExactly of(
      RunDirectory run, RunSettings settings, Dataset test, Extent extent) {
    Path last =
        run.result()
            .orElseThrow(
                () ->
                    MerlonException.configuration(
                        run + " has no final.onnx yet",
                        "Let the run end first, or leave out --exact."));
    ThreatSpec threat =
        threat(settings)
            .orElseThrow(
                () ->
                    MerlonException.configuration(
                        run + " is evaluated against no linf or l1 perturbation",
                        "Exact worst cases need one; leave out --exact."));
    ImportedModel model = OnnxImport.read(last);
    WorstCaseFile file = WorstCaseFile.of(run);
    Set<Integer> known =
        file.of(model.sha256(), Optional.of(test.digest()), threat).stream()
            .filter(WorstCase::proved)
            .map(WorstCase::index)
            .collect(Collectors.toSet());
    List<Integer> open =
        IntStream.range(0, Math.min(extent.images(), test.size()))
            .filter(index -> !known.contains(index))
            .boxed()
            .toList();
    return new SolvingExactly(file, new WorstCaseProbe(model, test, threat), extent.limit(), open);
  }

  /** The perturbation under which a run's worst cases are solved. */
  static Optional<ThreatSpec> threat(RunSettings settings) {
    return settings.evaluation().threats().stream()
        .filter(threat -> NormBall.of(threat, true).linearDescription().isPresent())
        .findFirst();
  }

  /** The images that are still to be solved. */
  public List<Integer> open() {
    return open;
  }

  /** Solves one of {@link #open}. */
  public WorstCase solve(int index) {
    WorstCase worst = probe.of(index, limit);
    file.add(worst);
    return worst;
  }
}
