package dev.merlon.actors.training;

import dev.merlon.actors.event.EpochMetrics;
import dev.merlon.config.failure.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How a training run ended. */
public sealed interface TrainingOutcome {

  /** The run directory. */
  Path directory();

  /**
   * Training is done.
   *
   * @param model the final model, ONNX
   * @param origin which of the run's models it is
   * @param data digest of the training images
   * @param epochs done; fewer than asked for where the patience for a better model was over
   * @param steps updates of the whole run
   * @param lastEpoch empty where a resumed run had nothing left to do
   * @param elapsed since this process took up the run
   */
  record Completed(
      Path directory,
      Path model,
      ModelOrigin origin,
      String data,
      int epochs,
      long steps,
      Optional<EpochMetrics> lastEpoch,
      Duration elapsed)
      implements TrainingOutcome {}

  /**
   * Somebody asked the run to stop; it can be resumed.
   *
   * @param steps updates that the checkpoint holds
   * @param checkpoint empty where the run was stopped before it had anything to keep
   */
  record Stopped(
      Path directory, long steps, long totalSteps, Optional<Path> checkpoint, Duration elapsed)
      implements TrainingOutcome {}

  /**
   * The run could not go on.
   *
   * @param failure the reason
   * @param steps updates that were committed
   * @param checkpoint the newest one on the disk
   */
  record Parked(Path directory, Failure failure, long steps, Optional<Path> checkpoint)
      implements TrainingOutcome {}
}
