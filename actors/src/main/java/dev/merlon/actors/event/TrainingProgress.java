package dev.merlon.actors.event;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What a training run tells those who watch it, in the order it happened. */
public sealed interface TrainingProgress extends JobEvent {

  /**
   * The data is read and the first step is about to begin.
   *
   * @param epochs passes over the training images
   * @param stepsPerEpoch steps of each epoch
   * @param completedSteps steps done before; above 0 where the run was resumed
   * @param totalSteps steps of the whole run
   * @param images training images
   * @param parameters trainable numbers of the network
   */
  record Started(
      Path directory,
      int epochs,
      int stepsPerEpoch,
      long completedSteps,
      long totalSteps,
      int images,
      long parameters)
      implements TrainingProgress {}

  /**
   * One step is committed.
   *
   * @param epoch counted from 1
   * @param step of the epoch, counted from 1
   * @param completedSteps steps of the run so far, this one included
   * @param loss mean over the step's images
   * @param naturalAccuracy share classified rightly in this epoch so far
   * @param eps radius of the step
   * @param learningRate of the step
   * @param elapsed from the start of the search to the new weights
   * @param imagesPerSecond rate of this epoch so far
   */
  record Stepped(
      int epoch,
      int step,
      int stepsPerEpoch,
      long completedSteps,
      long totalSteps,
      double loss,
      double naturalAccuracy,
      double eps,
      double learningRate,
      Duration elapsed,
      double imagesPerSecond)
      implements TrainingProgress {}

  /**
   * The pass over the training images that estimates batch-norm statistics anew has come so far.
   *
   * @param epoch counted from 1
   * @param batches done
   * @param total batches of the pass
   */
  record StatisticsAdvanced(int epoch, int batches, int total) implements TrainingProgress {}

  /**
   * An epoch is closed: its statistics are in the weights and its model is handed to the disk.
   *
   * @param epochs of the whole run
   * @param compared what its model reached, where models are compared
   */
  record EpochCompleted(EpochMetrics metrics, int epochs, Optional<ComparedModel> compared)
      implements TrainingProgress {}

  /**
   * A checkpoint lies on the disk and was read back.
   *
   * @param steps of the run that it holds
   */
  record CheckpointSaved(long steps, Path file, Duration elapsed) implements TrainingProgress {}

  /** Something a person should know that did not stop the run: a skipped checkpoint, a retry. */
  record Noticed(String message) implements TrainingProgress {}
}
