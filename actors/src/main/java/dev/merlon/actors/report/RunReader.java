package dev.merlon.actors.report;

import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.measure.MeasureBasis;
import dev.merlon.model.measure.ModelMeasure;
import dev.merlon.model.measure.WorstCase;
import dev.merlon.model.onnx.ModelDigest;
import dev.merlon.model.onnx.ModelProvenance;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.proto.Digests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Gathers what a run directory holds. */
public final class RunReader {
  private final RunDirectory run;
  private final List<String> notes = new ArrayList<>();

  private RunReader(RunDirectory run) {
    this.run = run;
  }

  /**
   * The settings that a run was begun with.
   *
   * @throws MerlonException (configuration) if this version does not understand them
   */
  public static RunSettings settings(RunDirectory run) {
    Path file = run.settings();
    return Settings.parse(RunDirectory.text(file), file.toString(), List.of());
  }

  /**
   * Refuses a run that has nothing to report yet, before anything is measured.
   *
   * @throws MerlonException (configuration) if it has finished no epoch
   */
  public static void requireEpoch(RunDirectory run) {
    MetricsLog.read(run);
  }

  /**
   * Refuses other test images than those that the run was certified on.
   *
   * @throws MerlonException (data) if they are others
   */
  public static void requireSameImages(RunDirectory run, Dataset test) {
    Optional<String> certified = RunVerdicts.data(run);
    if (certified.isPresent() && !certified.get().equals(test.digest())) {
      throw MerlonException.data(
          "%s was certified on test images %s, but these are %s"
              .formatted(run, shortened(certified.get()), shortened(test.digest())),
          "Name the data that the run was trained on, or leave out --data.");
    }
  }

  private static String shortened(String digest) {
    return digest.substring(0, Math.min(12, digest.length()));
  }

  /**
   * Reads a run.
   *
   * @param test its test images, where they are at hand
   * @throws MerlonException if the run has finished no epoch, or a file of it is damaged
   */
  public static RunRecord read(RunDirectory run, Optional<Dataset> test) {
    return new RunReader(run).record(test);
  }

  private RunRecord record(Optional<Dataset> test) {
    RunSettings settings = settings(run);
    MetricsLog metrics = MetricsLog.read(run);
    if (metrics.torn()) {
      notes.add(
          "The last line of metrics.jsonl is cut off, as a crash leaves it; it is not counted.");
    }
    Optional<String> model = run.result().map(RunReader::digest);
    if (metrics.last().epoch() < settings.epochs()) {
      String what = model.isPresent() ? "Training was stopped early" : "The run is not finished";
      notes.add(
          String.format(
              Locale.ROOT,
              "%s: %d of %d epochs.",
              what,
              metrics.last().epoch(),
              settings.epochs()));
    }
    Optional<ModelProvenance> provenance = provenance();
    Optional<RunVerdicts> verdicts = RunVerdicts.read(run).filter(found -> fits(found, model));
    verdicts.ifPresent(this::noteVerdicts);
    List<RunRecord.MeasuredEpoch> measured = measured(settings);
    int models = Measuring.models(run).size();
    if (!measured.isEmpty() && measured.size() < models) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%d of %d models are measured so far; merlon report %s%s measures the others.",
              measured.size(),
              models,
              run,
              settings.data().kind().files() ? " --data DIR" : ""));
    }
    return new RunRecord(
        run,
        settings,
        RunDirectory.text(run.settings()),
        new RunRecord.Identity(
            Digests.of(RunDirectory.text(run.settings())),
            provenance.flatMap(ModelProvenance::data),
            model,
            provenance.flatMap(ModelProvenance::weights).isPresent()),
        metrics,
        SessionFile.read(run),
        verdicts,
        measured,
        worstCases(settings, model, verdicts),
        test.filter(images -> verdicts.isPresent()),
        notes);
  }

  private List<WorstCase> worstCases(
      RunSettings settings, Optional<String> model, Optional<RunVerdicts> verdicts) {
    Optional<ThreatSpec> threat = SolvingExactly.threat(settings);
    return model.isEmpty() || threat.isEmpty()
        ? List.of()
        : WorstCaseFile.of(run)
            .of(model.get(), verdicts.map(found -> found.about().data()), threat.get());
  }

  private boolean fits(RunVerdicts verdicts, Optional<String> model) {
    boolean fits = model.isPresent() && model.get().equals(verdicts.about().model());
    if (!fits) {
      notes.add(
          "certificates.jsonl is about another model than final.onnx; its verdicts are left out.");
    }
    return fits;
  }

  private void noteVerdicts(RunVerdicts verdicts) {
    if (verdicts.torn()) {
      notes.add(
          "The last line of certificates.jsonl is cut off, as a crash leaves it; it is not"
              + " counted.");
    }
    if (!verdicts.summary().complete()) {
      notes.add("The certification did not end: some inputs have no verdict for every norm.");
    }
  }

  private Optional<ModelProvenance> provenance() {
    List<RunDirectory.EpochModel> epochs = run.epochModels();
    Optional<Path> any =
        run.result()
            .or(
                () ->
                    epochs.isEmpty()
                        ? Optional.empty()
                        : Optional.of(epochs.get(epochs.size() - 1).file()));
    return any.map(file -> ModelProvenance.of(OnnxImport.read(file)));
  }

  private List<RunRecord.MeasuredEpoch> measured(RunSettings settings) {
    MeasureFile file = MeasureFile.of(run);
    Optional<MeasureBasis> basis = file.newestBasis();
    if (basis.isEmpty()) {
      return List.of();
    }
    Map<String, ModelMeasure> known = file.of(basis.get(), settings.evaluation().threats());
    List<RunRecord.MeasuredEpoch> measured = new ArrayList<>();
    for (RunDirectory.EpochModel model : Measuring.models(run)) {
      Optional.ofNullable(known.get(digest(model.file())))
          .ifPresent(measure -> measured.add(new RunRecord.MeasuredEpoch(model.epoch(), measure)));
    }
    return measured;
  }

  /** What a model is named by. */
  static String digest(Path model) {
    return ModelDigest.of(OnnxImport.bytes(model));
  }
}
