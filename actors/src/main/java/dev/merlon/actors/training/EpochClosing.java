package dev.merlon.actors.training;

import akka.Done;
import akka.stream.javadsl.RunnableGraph;
import dev.merlon.actors.device.DeviceWorker;
import dev.merlon.model.training.LearnerState;
import dev.merlon.model.training.Weights;
import dev.merlon.streams.RunningStream;
import dev.merlon.streams.StepContext;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What closes an epoch once its steps are done: the statistics of the weights, the average of the
 * weights and its statistics. It begins from the state after the last step each time, so one that
 * was stopped or failed is done again from there. Thread-safe.
 */
final class EpochClosing {
  private final RunPlan plan;
  private final StepStages stages;
  private final int epoch;
  private final Function<RunnableGraph<RunningStream>, RunningStream> runner;
  private final Consumer<StepContext> measured;
  private volatile boolean stopping;
  private volatile Optional<RunningStream> pass = Optional.empty();

  /**
   * The closing of an epoch.
   *
   * @param epoch counted from 0
   * @param runner starts a stream
   * @param measured called after each batch of a pass
   */
  EpochClosing(
      RunPlan plan,
      StepStages stages,
      int epoch,
      Function<RunnableGraph<RunningStream>, RunningStream> runner,
      Consumer<StepContext> measured) {
    this.plan = plan;
    this.stages = stages;
    this.epoch = epoch;
    this.runner = runner;
    this.measured = measured;
  }

  /** Does everything; the state after it, or nothing where it was stopped. */
  CompletionStage<Optional<LearnerState>> run() {
    return measure(Weights.TRAINED)
        .thenCompose(done -> average())
        .thenCompose(
            done ->
                stopping
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : stages
                        .<LearnerState>work(DeviceWorker.TakeSnapshot::new)
                        .thenApply(Optional::of));
  }

  /** Ends it soon, unless it is about to end by itself. */
  void stop() {
    stopping = true;
    pass.ifPresent(running -> running.stop().shutdown());
  }

  private CompletionStage<Done> average() {
    if (stopping || !plan.averages(epoch)) {
      return CompletableFuture.completedFuture(Done.done());
    }
    return stages
        .<Done>work(DeviceWorker.AverageWeights::new)
        .thenCompose(done -> measure(Weights.AVERAGED));
  }

  // A pass that was stopped has measured too little to be kept.
  private CompletionStage<Done> measure(Weights weights) {
    if (stopping || !plan.estimatesStatistics(weights)) {
      return CompletableFuture.completedFuture(Done.done());
    }
    return stages
        .<Done>work(to -> new DeviceWorker.BeginStatistics(weights, to))
        .thenCompose(begun -> runPass())
        .thenCompose(
            ended ->
                stopping
                    ? CompletableFuture.completedFuture(Done.done())
                    : stages.<Done>work(DeviceWorker.FinishStatistics::new));
  }

  // Whoever stops it after the first look finds the stream.
  private CompletionStage<Done> runPass() {
    RunningStream running = runner.apply(stages.pass(epoch, measured));
    pass = Optional.of(running);
    if (stopping) {
      running.stop().shutdown();
    }
    return running.completion();
  }
}
