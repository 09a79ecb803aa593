package dev.merlon.model.training;

import ai.djl.Device;
import dev.merlon.config.RunSettings;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.sample.SampleRun;

/** A learner of the sample run and its steps in order. */
final class LearnerFixture implements AutoCloseable {
  private final RunSettings settings;
  private final int batchSize;
  private final Learner learner;

  LearnerFixture(int batchSize, String... changes) {
    this.settings = SampleRun.settings(changes);
    this.batchSize = batchSize;
    this.learner =
        Learner.create(
            settings, SampleRun.network(settings), SampleRun.initial(settings), Device.cpu());
  }

  static LearnerFixture of(String... changes) {
    return new LearnerFixture(6, changes);
  }

  RunSettings settings() {
    return settings;
  }

  Learner learner() {
    return learner;
  }

  Phase phase(long step) {
    return SampleRun.phase(settings, step);
  }

  AttackedStep search(long step) {
    return learner.search(SampleRun.batch(step, batchSize), phase(step));
  }

  StepLosses forward(long step) {
    return learner.forward(search(step), phase(step));
  }

  StepReport step(long step) {
    forward(step);
    learner.backward();
    return learner.update(phase(step));
  }

  void steps(long from, long to) {
    for (long step = from; step < to; step++) {
      step(step);
    }
  }

  @Override
  public void close() {
    learner.close();
  }
}
