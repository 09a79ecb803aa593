package dev.merlon.actors.report;

import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.RunSettings;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.measure.ModelMeasure;
import dev.merlon.model.measure.ModelProbe;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Measures a run's models on the first test images: of its epochs at most {@link #MOST_EPOCHS},
 * evenly spread, the last one among them. What was measured before is not measured again. The order
 * goes from coarse to fine, so that a measuring that ends early shows the whole course.
 */
public final class Measuring {
  /** Images that are measured on unless somebody asks for another number. */
  public static final int USUAL_IMAGES = 500;

  /** Epochs of one run that are measured. */
  public static final int MOST_EPOCHS = 20;

  private final RunDirectory run;
  private final MeasureFile file;
  private final ModelProbe probe;
  private final Dataset sample;
  private final List<Path> open;

  /**
   * What there is left to measure of a run.
   *
   * @param test the run's test images
   * @param images how many of them are used, at least 1
   * @throws MerlonException (data) if what was measured before is damaged
   */
  public Measuring(RunDirectory run, RunSettings settings, Dataset test, int images) {
    this.run = run;
    this.sample = test.head(images);
    this.file = MeasureFile.of(run);
    List<ThreatSpec> threats = settings.evaluation().threats();
    this.probe = new ModelProbe(sample, threats);
    Map<String, ?> known = file.of(probe.basis(), threats);
    this.open =
        coarseToFine(models(run)).stream()
            .map(RunDirectory.EpochModel::file)
            .filter(model -> !known.containsKey(RunReader.digest(model)))
            .toList();
  }

  /** The models that are measured when nothing is known yet. */
  static List<RunDirectory.EpochModel> models(RunDirectory run) {
    return spread(run.epochModels(), MOST_EPOCHS);
  }

  /** The models that are still to be measured. */
  public List<Path> open() {
    return open;
  }

  /**
   * Measures one of {@link #open}.
   *
   * @param goOn asked every now and then; what is stopped half-way is not kept
   * @return whether the model has been measured
   * @throws MerlonException if the model is damaged, does not take the images, or has diverged
   */
  public boolean measure(Path file, BooleanSupplier goOn) {
    ImportedModel model = OnnxImport.read(file);
    requireFit(model);
    if (this.file.of(probe.basis(), List.of()).containsKey(model.sha256())) {
      return true;
    }
    Optional<ModelMeasure> measure = probe.measure(model, goOn);
    measure.ifPresent(this.file::add);
    return measure.isPresent();
  }

  private void requireFit(ImportedModel model) {
    ImageShape shape = sample.shape();
    long[] given = {shape.channels(), shape.height(), shape.width()};
    if (!Arrays.equals(model.network().inputShape().getShape(), given)) {
      throw MerlonException.configuration(
          "%s takes images of %s, but %s has images of %s"
              .formatted(
                  model.name(),
                  model.network().inputShape(),
                  sample.name(),
                  Arrays.toString(given)),
          "Name the data that " + run + " was trained on.");
    }
  }

  /** A list with its last element first, then every eighth or so from there, and so on. */
  static <T> List<T> coarseToFine(List<T> all) {
    int last = all.size() - 1;
    return IntStream.rangeClosed(0, last)
        .boxed()
        .sorted(Comparator.comparingInt(i -> -Integer.numberOfTrailingZeros(last - i)))
        .map(all::get)
        .toList();
  }

  /** At most so many of a list, evenly spread, the last one among them. */
  static <T> List<T> spread(List<T> all, int most) {
    if (all.size() <= most) {
      return all;
    }
    List<T> chosen = new ArrayList<>();
    for (int i = 1; i <= most; i++) {
      chosen.add(all.get((int) Math.round((double) i * all.size() / most) - 1));
    }
    return chosen;
  }
}
