package dev.merlon.actors.training;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.ActorContext;
import akka.japi.function.Function;
import akka.pattern.StatusReply;
import akka.stream.javadsl.Flow;
import dev.merlon.actors.Stage;
import dev.merlon.actors.device.DeviceWorker;
import dev.merlon.actors.training.AttackSearcher.Attacked;
import dev.merlon.actors.training.UpdateComparator.Comparison;
import dev.merlon.config.objective.ProjectionSettings;
import dev.merlon.model.data.Batch;
import dev.merlon.model.training.LearnerState;
import dev.merlon.model.training.NaturalBranch;
import dev.merlon.streams.Branches;
import dev.merlon.streams.InStep;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The natural branch of an attempt: its worker, its {@link UpdateComparator} and the flow in which
 * both branches learn from the same batches. Its methods may be called from any thread.
 */
final class BranchStages {
  private final Stage<DeviceWorker.Command> worker;
  private final Stage<UpdateComparator.Command> comparator;
  private final ProjectionSettings.Branches order;
  private final Duration timeout;

  /**
   * Spawns the branch as children of an attempt.
   *
   * @param timeout of an answer that several of the worker's may stand behind
   */
  BranchStages(
      ActorContext<?> context,
      RunPlan plan,
      RunParts parts,
      TrainingAttempt.Beginning beginning,
      Duration timeout) {
    this.worker =
        parts.spawn(
            context,
            Roles.NATURAL_WORKER,
            DeviceWorker.create("cpu-natural", plan::openNaturalLearner),
            DeviceWorker.PROPS);
    this.comparator =
        parts.spawn(
            context,
            Roles.COMPARATOR,
            UpdateComparator.create(plan, worker, beginning.cursor().globalStep()),
            Props.empty());
    this.order = plan.settings().projection().orElseThrow().branches();
    this.timeout = timeout;
  }

  /** The two halves of a certified step. */
  interface Certified {
    /** Finds the adversarial points of a batch. */
    CompletionStage<Attacked> search(InStep<Batch> batch);

    /** Propagates and commits. */
    CompletionStage<StepCompleted> propagate(InStep<Attacked> attacked);

    /** Both of them as a flow. */
    Flow<InStep<Batch>, InStep<StepCompleted>, NotUsed> flow();
  }

  /** Everybody whose end is the attempt's. */
  List<Stage<?>> all() {
    return List.of(worker, comparator);
  }

  /** Both branches' steps; a committed one has the natural branch in its state. */
  Flow<InStep<Batch>, InStep<StepCompleted>, NotUsed> steps(Certified certified) {
    Flow<InStep<Batch>, InStep<StepCompleted>, NotUsed> both =
        switch (order) {
          case SIDE_BY_SIDE ->
              Branches.sideBySide(certified.flow(), naturally(), (step, done) -> step);
          case IN_TURN ->
              Flow.<InStep<Batch>>create().mapAsync(1, batch -> inTurn(certified, batch));
        };
    return both.mapAsync(1, this::join);
  }

  /** Makes the branch that a state has. */
  CompletionStage<Done> load(LearnerState state) {
    return ask(to -> new UpdateComparator.Load(state, to));
  }

  /**
   * Begins an epoch from the certified weights.
   *
   * @param steps of the run that were made before
   */
  CompletionStage<Done> beginEpoch(LearnerState certified, long steps) {
    return ask(to -> new UpdateComparator.BeginEpoch(certified, steps, to));
  }

  /** The state with the branch as it is. */
  CompletionStage<LearnerState> complete(LearnerState certified) {
    return this.<Optional<NaturalBranch>>ask(UpdateComparator.CopyBranch::new)
        .thenApply(certified::with);
  }

  /** Compares both branches. */
  CompletionStage<Comparison> compare(LearnerState certified) {
    return ask(to -> new UpdateComparator.Merge(certified, to));
  }

  private Flow<InStep<Batch>, InStep<Done>, NotUsed> naturally() {
    return Flow.<InStep<Batch>>create().mapAsync(1, batch -> natural(batch).thenApply(batch::with));
  }

  private CompletionStage<InStep<StepCompleted>> inTurn(Certified certified, InStep<Batch> batch) {
    return certified
        .search(batch)
        .thenCompose(attacked -> certified.propagate(batch.with(attacked)))
        .thenCompose(step -> natural(batch).thenApply(done -> batch.with(step)));
  }

  private CompletionStage<Done> natural(InStep<Batch> batch) {
    return ask(to -> new UpdateComparator.StepNatural(batch, to));
  }

  // The next natural step waits until the branch is copied where a snapshot wants it.
  private CompletionStage<InStep<StepCompleted>> join(InStep<StepCompleted> step) {
    Optional<LearnerState> state = step.value().state();
    if (state.isEmpty()) {
      released(step);
      return CompletableFuture.completedFuture(step);
    }
    return complete(state.get())
        .thenApply(
            whole -> {
              released(step);
              return step.with(step.value().with(whole));
            });
  }

  private void released(InStep<StepCompleted> step) {
    comparator.actor().tell(new UpdateComparator.StepsJoined(step.context().globalStep() + 1));
  }

  private <T> CompletionStage<T> ask(
      Function<ActorRef<StatusReply<T>>, UpdateComparator.Command> question) {
    return comparator.ask(question, timeout);
  }
}
