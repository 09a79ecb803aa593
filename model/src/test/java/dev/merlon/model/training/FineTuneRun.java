package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.RunSettings;
import dev.merlon.model.data.Batch;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.ParameterSpec.Role;
import dev.merlon.model.onnx.StartModel;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.sample.SampleRun;

/** A learner that goes on from a model, at the final radii at once. */
final class FineTuneRun implements AutoCloseable {
  private static final int BATCH = 6;

  private final RunSettings settings;
  private final StartModel start;
  private final Learner learner;
  private final Batches batches;

  private FineTuneRun(RunSettings settings, StartModel start, Batches batches) {
    this.settings = settings;
    this.start = start;
    this.batches = batches;
    this.learner = Learner.create(settings, start.network(), start.values(), Device.cpu());
  }

  /** The batch of a step. */
  interface Batches {
    /** So many images. */
    Batch of(long step, int size);
  }

  static FineTuneRun of(StartModel start, String kind, Shape image, int classes, Batches batches) {
    assertThat(start.network().inputShape()).isEqualTo(image);
    assertThat(start.network().classes()).isEqualTo(classes);
    boolean cure = kind.startsWith("cure");
    RunSettings settings =
        SampleRun.settings(
            "objective.kind=" + kind,
            cure ? "objective.threats=[\"linf:0.02\", \"l2:0.2\"]" : "seed=3",
            (cure ? "objective.regions.linf" : "objective") + ".attack.steps=2",
            "schedule.eps-train=0.02",
            "schedule.start-epoch=0",
            "schedule.end-epoch=0",
            "schedule.natural-epochs=0",
            "optimizer.learning-rate=0.002",
            "optimizer.decay-epochs=[]",
            "device.precision=float32");
    return new FineTuneRun(settings, start, batches);
  }

  ParameterValues values() {
    return learner.values();
  }

  /** Takes steps and fails unless the loss of a batch falls. */
  void assertLearns(int steps) {
    double before = loss();
    for (long step = 0; step < steps; step++) {
      Phase phase = phase();
      learner.forward(learner.search(batches.of(step, BATCH), phase), phase);
      learner.backward();
      learner.update(phase);
    }
    assertThat(loss()).isLessThan(before);
  }

  /** Fails unless every tensor moved but the constants, which may not. */
  void assertEveryWeightMoved(ParameterValues tuned) {
    Network network = start.network();
    network
        .parameters()
        .forEach(
            (name, spec) ->
                assertThat(tuned.get(name).equals(start.values().get(name)))
                    .as(name)
                    .isEqualTo(spec.role() == Role.CONSTANT));
  }

  @Override
  public void close() {
    learner.close();
  }

  private double loss() {
    Phase phase = phase();
    StepLosses losses = learner.forward(learner.search(batches.of(0, BATCH), phase), phase);
    learner.abandon();
    return losses.total();
  }

  // Steps of one kind only: the place in the run makes no difference here.
  private Phase phase() {
    Phase phase = SampleRun.phase(settings, 1);
    assertThat(phase.ramping() || phase.natural()).isFalse();
    assertThat(phase.eps()).isEqualTo(phase.epsFinal());
    return phase;
  }
}
