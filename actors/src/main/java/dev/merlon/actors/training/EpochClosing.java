package dev.merlon.actors.training;

import akka.Done;
import akka.stream.javadsl.RunnableGraph;
import dev.merlon.actors.device.DeviceWorker;
import dev.merlon.actors.training.UpdateComparator.Comparison;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.training.EvaluationCounts;
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
 * What closes an epoch once its steps are done: the merge of a natural branch, the statistics of
 * the weights, the average of the weights and its statistics, and what the model reaches on the
 * images that models are compared on. It begins from the state after the last step each time, so
 * one that was stopped or failed is done again from there. Thread-safe.
 */
final class EpochClosing {
  private final RunPlan plan;
  private final StepStages stages;
  private final int epoch;
  private final Function<RunnableGraph<RunningStream>, RunningStream> runner;
  private final Consumer<StepContext> measured;
  private volatile boolean stopping;
  private volatile Optional<Comparison> comparison = Optional.empty();
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

  /**
   * A closed epoch.
   *
   * @param state after it
   * @param counts what its model reached, where models are compared
   * @param comparison of its natural and its certified update, where they were merged
   */
  record ClosedEpoch(
      LearnerState state, Optional<EvaluationCounts> counts, Optional<Comparison> comparison) {}

  /** Does everything; nothing comes out where it was stopped. */
  CompletionStage<Optional<ClosedEpoch>> run() {
    return stages
        .merge(epoch)
        .thenCompose(
            merged -> {
              comparison = merged;
              return measure(Weights.TRAINED);
            })
        .thenCompose(done -> average())
        .thenCompose(
            done ->
                stopping
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : stages.state().thenCompose(this::evaluated));
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

  private CompletionStage<Optional<ClosedEpoch>> evaluated(LearnerState state) {
    Optional<Dataset> images =
        plan.selectionImages().filter(held -> plan.settings().selection().compares(epoch + 1));
    if (images.isEmpty()) {
      return CompletableFuture.completedFuture(
          Optional.of(new ClosedEpoch(state, Optional.empty(), comparison)));
    }
    Sum sum = new Sum();
    var pass = stages.evaluation(epoch, images.get(), state.resultWeights(), sum::add);
    return runPass(pass)
        .thenApply(
            done ->
                stopping
                    ? Optional.empty()
                    : Optional.of(new ClosedEpoch(state, Optional.of(sum.total()), comparison)));
  }

  // A pass that was stopped has measured too little to be kept.
  private CompletionStage<Done> measure(Weights weights) {
    if (stopping || !plan.estimatesStatistics(weights)) {
      return CompletableFuture.completedFuture(Done.done());
    }
    return stages
        .<Done>work(to -> new DeviceWorker.BeginStatistics(weights, to))
        .thenCompose(begun -> runPass(stages.pass(epoch, measured)))
        .thenCompose(
            ended ->
                stopping
                    ? CompletableFuture.completedFuture(Done.done())
                    : stages.<Done>work(DeviceWorker.FinishStatistics::new));
  }

  // Whoever stops it after the first look finds the stream.
  private CompletionStage<Done> runPass(RunnableGraph<RunningStream> graph) {
    RunningStream running = runner.apply(graph);
    pass = Optional.of(running);
    if (stopping) {
      running.stop().shutdown();
    }
    return running.completion();
  }

  private static final class Sum {
    private EvaluationCounts total = EvaluationCounts.NONE;

    synchronized void add(EvaluationCounts counts) {
      total = total.plus(counts);
    }

    synchronized EvaluationCounts total() {
      return total;
    }
  }
}
