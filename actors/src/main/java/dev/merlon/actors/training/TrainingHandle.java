package dev.merlon.actors.training;

import java.util.concurrent.CompletionStage;

/** A training run that was started. Thread-safe. */
public interface TrainingHandle {

  /**
   * How the run ends. It never fails: whatever goes wrong is {@link TrainingOutcome.Parked}. When
   * it completes, every file is on the disk and every tensor is freed.
   */
  CompletionStage<TrainingOutcome> outcome();

  /**
   * Asks the run to stop soon: it finishes or abandons the step at hand and writes a checkpoint.
   * Asking twice is asking once.
   *
   * @return {@link #outcome()}
   */
  CompletionStage<TrainingOutcome> stop();
}
