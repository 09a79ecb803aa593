package dev.merlon.actors.training;

import ai.djl.Device;
import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.RunSettings;
import dev.merlon.config.objective.NaturalObjective;
import dev.merlon.model.checkpoint.CheckpointStore;
import dev.merlon.model.checkpoint.RunIdentity;
import dev.merlon.model.checkpoint.TrainingSnapshot;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.RunImages;
import dev.merlon.model.data.SampleOrder;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.optimize.Schedules;
import dev.merlon.model.tensor.TensorRuntime;
import dev.merlon.model.training.Learner;
import dev.merlon.model.training.ModelSelection;
import dev.merlon.model.training.Weights;
import java.util.List;
import java.util.Optional;

/**
 * Everything about a run that does not change while it lasts.
 *
 * @param files the run directory, taken by this run
 * @param images what the steps learn from
 * @param selectionImages what models are compared on; empty where they are not compared
 * @param startPoint what is trained, and from which weights on
 * @param checkpoint where the run goes on; empty for a new run
 * @param notices what was noticed while the plan was made, for people
 */
record RunPlan(
    RunSettings settings,
    RunFiles files,
    RunImages.Training images,
    Optional<Dataset> selectionImages,
    StartPoint startPoint,
    SampleOrder order,
    Schedules schedules,
    RunIdentity identity,
    Optional<CheckpointStore.Found> checkpoint,
    List<String> notices) {

  /** Where the run goes on; empty for a new run. */
  Optional<TrainingSnapshot> start() {
    return checkpoint.map(CheckpointStore.Found::snapshot);
  }

  /** Where the run's files lie. */
  RunDirectory directory() {
    return files.directory();
  }

  /** What is trained. */
  Network network() {
    return startPoint.network();
  }

  int stepsPerEpoch() {
    return order.batchesPerEpoch();
  }

  /**
   * Whether an epoch ends with an estimate of the batch-norm statistics of these weights. Those of
   * an average are not what any step measured, so they always need one.
   */
  boolean estimatesStatistics(Weights weights) {
    boolean normalised =
        network().nodes().stream().anyMatch(node -> node.operation() instanceof BatchNorm);
    return normalised && (weights == Weights.AVERAGED || settings.batchNorm().precise());
  }

  /** Whether the weights at the end of an epoch, counted from 0, belong to an average. */
  boolean averages(int epoch) {
    return settings.averaging().covers(epoch + 1);
  }

  /** How models are compared. */
  ModelSelection selection() {
    return new ModelSelection(settings.selection());
  }

  /** Trainable numbers of the network. */
  long parameters() {
    return network().parameters().values().stream()
        .filter(spec -> spec.role().trainable())
        .mapToLong(spec -> spec.shape().size())
        .sum();
  }

  /** Whether an epoch, counted from 0, has a natural branch: each one at the final radius has. */
  boolean projects(int epoch) {
    Phase first = schedules.phase((long) epoch * stepsPerEpoch());
    return settings.projection().isPresent() && !first.natural() && !first.ramping();
  }

  /** The tensors of the natural branch, for the thread that calls. */
  Learner openNaturalLearner() {
    return open(settings.with(new NaturalObjective()));
  }

  /** The run's tensors as they are before its first step, for the thread that calls. */
  Learner openLearner() {
    return open(settings);
  }

  private Learner open(RunSettings settings) {
    int threads = settings.device().threads();
    if (threads > 0) {
      TensorRuntime.useThreads(threads);
    }
    return Learner.create(settings, network(), startPoint.values(settings), device());
  }

  private Device device() {
    return switch (settings.device().kind()) {
      case CPU -> Device.cpu();
    };
  }
}
