package dev.merlon.actors.training;

import ai.djl.ndarray.types.DataType;
import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
import dev.merlon.config.objective.CureObjective;
import dev.merlon.model.data.Batch;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.EmbeddedDigits;
import dev.merlon.model.data.SampleOrder.Cursor;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.onnx.ModelProvenance;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.training.Learner;
import dev.merlon.model.training.LearnerState;
import dev.merlon.model.training.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A run of seconds on the embedded data set, and the same work without actors. */
final class TinyRun {
  static final int EPOCHS = 3;
  static final int STEPS_PER_EPOCH = 5;
  static final long STEPS = (long) EPOCHS * STEPS_PER_EPOCH;

  private TinyRun() {}

  /** SABR with batch norm and precise statistics; the last batch of an epoch is a small one. */
  static RunSettings settings(String... overrides) {
    return load(List.of("objective.attack.steps=2"), overrides);
  }

  /** The same run with another objective, whose settings are those of the overrides. */
  static RunSettings objective(String... overrides) {
    return load(List.of(), overrides);
  }

  private static RunSettings load(List<String> attack, String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "name=tiny",
                "epochs=" + EPOCHS,
                "batch-size=32",
                "data.train-limit=140",
                "network.width=2",
                "schedule.end-epoch=2",
                "optimizer.decay-epochs=2",
                "checkpoint.every-steps=2",
                "checkpoint.keep=3",
                "pipeline.ask-timeout=20 s"));
    all.addAll(attack);
    all.addAll(List.of(overrides));
    return Settings.load("demo", all);
  }

  /** Parts of a run with healthy stages, whose images are drawn once for all runs. */
  static RunParts parts() {
    return parts(RunParts.standard().stages());
  }

  /** The same with other stages. */
  static RunParts parts(RunParts.Stages stages) {
    return new RunParts(request -> Images.DRAWN, stages);
  }

  private static final class Images {
    private static final Dataset DRAWN =
        new EmbeddedDigits(settings().data().demoSeed()).read(DataSplit.TRAIN);
  }

  static TrainingRequest request(RunSettings settings, Path directory, boolean resume) {
    var request =
        new TrainingRequest(
            settings, new EmbeddedDigits(settings.data().demoSeed()), directory, resume);
    boolean tunes = settings.objective() instanceof CureObjective cure && cure.form().tunes();
    return tunes ? request.startingFrom(start()) : request;
  }

  /** A model to go on from: the network of a tiny run before its first step. */
  private static StartFile start() {
    RunSettings settings = settings();
    StartPoint point = request(settings, Path.of("unused"), false).startPoint();
    return StartFile.of(
        OnnxExport.bytes(point.network(), point.values(settings), Map.of()), "start");
  }

  /** A model whose outputs are too large for a number. */
  static StartFile overflowing(RunSettings settings) {
    StartPoint point = request(settings, Path.of("unused"), false).startPoint();
    Map<String, HostTensor> tensors = new LinkedHashMap<>(point.values(settings).tensors());
    tensors.replaceAll((name, tensor) -> times(tensor, name.endsWith("weight") ? 1e20f : 1));
    return StartFile.of(
        OnnxExport.bytes(point.network(), new ParameterValues(tensors), Map.of()), "overflowing");
  }

  private static HostTensor times(HostTensor tensor, float factor) {
    float[] numbers = tensor.toFloats();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] *= factor;
    }
    return HostTensor.of(numbers, tensor.shape().getShape());
  }

  /** What the run must end with: the model of a plain sequential loop over the learner. */
  static byte[] bareLoop(RunSettings settings, Path directory) {
    RunPlan plan = RunPreparation.prepare(request(settings, directory, false), parts());
    try (Learner learner = plan.openLearner();
        BareBranch branch = BareBranch.of(plan)) {
      for (long step = 0; step < plan.schedules().totalSteps(); step++) {
        var phase = plan.schedules().phase(step);
        Batch batch = batch(plan, phase.epoch(), phase.step());
        branch.step(learner, batch, phase);
        step(learner, batch, phase);
        if (phase.step() + 1 == plan.stepsPerEpoch()) {
          branch.merge(learner, phase.epoch());
          closeEpoch(plan, learner, phase.epoch());
        }
      }
      return model(plan, learner.state());
    } finally {
      plan.files().close();
    }
  }

  /** One step of a learner. */
  static void step(Learner learner, Batch batch, Phase phase) {
    learner.forward(learner.search(batch, phase), phase);
    learner.backward();
    learner.update(phase);
  }

  private static void closeEpoch(RunPlan plan, Learner learner, int epoch) {
    measure(plan, learner, epoch, Weights.TRAINED);
    if (plan.averages(epoch)) {
      learner.averageWeights();
      measure(plan, learner, epoch, Weights.AVERAGED);
    }
  }

  private static void measure(RunPlan plan, Learner learner, int epoch, Weights weights) {
    learner.beginStatistics(weights);
    for (int step = 0; step < plan.stepsPerEpoch(); step++) {
      learner.addStatistics(batch(plan, epoch, step));
    }
    learner.finishStatistics();
  }

  private static Batch batch(RunPlan plan, int epoch, int step) {
    Cursor cursor = new Cursor(epoch, step);
    long globalStep = (long) epoch * plan.stepsPerEpoch() + step;
    return plan.images()
        .augmentation()
        .batch(plan.images().train(), cursor, globalStep, plan.order().indices(cursor));
  }

  private static byte[] model(RunPlan plan, LearnerState end) {
    Map<String, String> provenance =
        ModelProvenance.notes(
            plan.settings(),
            plan.identity().settingsDigest(),
            plan.identity().dataDigest(),
            end.average().isPresent());
    return OnnxExport.bytes(
        plan.network(), end.result().as(DataType.FLOAT32), provenance, plan.settings().export());
  }
}
