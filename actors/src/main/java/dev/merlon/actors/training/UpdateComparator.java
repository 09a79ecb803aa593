package dev.merlon.actors.training;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.pattern.StatusReply;
import dev.merlon.actors.Causes;
import dev.merlon.actors.Stage;
import dev.merlon.actors.device.DeviceWorker;
import dev.merlon.model.data.Batch;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.optimize.GradientProjection;
import dev.merlon.model.training.LearnerState;
import dev.merlon.model.training.NaturalBranch;
import dev.merlon.streams.InStep;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Compares natural and certified updates of an epoch and merges them (CURE, gradient projection).
 * At the epoch's start it copies the weights to a natural branch on a worker of its own; the branch
 * trains on the same batches as the certified one, and never more than one step ahead of it, so
 * that a snapshot finds both behind the same step. At the epoch's end it compares what became of
 * the weights, tensor by tensor. The natural branch keeps its optimiser from epoch to epoch.
 */
final class UpdateComparator extends AbstractBehavior<UpdateComparator.Command> {
  private final NaturalSteps natural;
  private final Network network;
  private final GradientProjection projection;
  private final Executor io;
  private Optional<ParameterValues> start = Optional.empty();
  private long joined;
  private Optional<StepNatural> held = Optional.empty();

  /** What a comparator can be told. */
  sealed interface Command {}

  /** Makes the natural branch that a state has; none where it has none. */
  record Load(LearnerState state, ActorRef<StatusReply<Done>> replyTo) implements Command {}

  /**
   * Begins an epoch: the natural branch takes over these weights and statistics.
   *
   * @param steps of the run that were made before
   */
  record BeginEpoch(LearnerState certified, long steps, ActorRef<StatusReply<Done>> replyTo)
      implements Command {}

  /** Trains the natural branch on a batch, once the step before it has joined. */
  record StepNatural(InStep<Batch> batch, ActorRef<StatusReply<Done>> replyTo) implements Command {}

  /** Both branches have made so many steps of the run, and what was wanted of them is copied. */
  record StepsJoined(long steps) implements Command {}

  /** Copies the natural branch; empty where none has begun. */
  record CopyBranch(ActorRef<StatusReply<Optional<NaturalBranch>>> replyTo) implements Command {}

  /** Compares and merges the branch with what certified training made of the same start. */
  record Merge(LearnerState certified, ActorRef<StatusReply<Comparison>> replyTo)
      implements Command {}

  private record Started(
      Optional<ParameterValues> start,
      Optional<Throwable> problem,
      ActorRef<StatusReply<Done>> replyTo)
      implements Command {}

  /**
   * The end of an epoch.
   *
   * @param merged weights and statistics to go on with
   * @param cosines between natural and certified update, by tensor
   * @param elapsed time of comparison and merge
   */
  record Comparison(ParameterValues merged, Map<String, Double> cosines, Duration elapsed) {}

  private UpdateComparator(
      ActorContext<Command> context,
      RunPlan plan,
      Stage<DeviceWorker.Command> worker,
      long joined) {
    super(context);
    this.natural =
        new NaturalSteps(worker, plan.schedules(), plan.settings().pipeline().askTimeout());
    this.network = plan.network();
    this.projection = GradientProjection.of(plan.settings().projection().orElseThrow());
    this.io =
        context
            .getSystem()
            .dispatchers()
            .lookup(DispatcherSelector.fromConfig("merlon.dispatchers.io"));
    this.joined = joined;
  }

  /**
   * A comparator without a branch.
   *
   * @param plan of a run that projects
   * @param worker of the natural branch, without tensors
   * @param joined steps that both branches have made at the beginning
   */
  static Behavior<Command> create(RunPlan plan, Stage<DeviceWorker.Command> worker, long joined) {
    return Behaviors.setup(context -> new UpdateComparator(context, plan, worker, joined));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Load.class, this::load)
        .onMessage(BeginEpoch.class, this::beginEpoch)
        .onMessage(Started.class, this::started)
        .onMessage(StepNatural.class, this::takeUp)
        .onMessage(StepsJoined.class, this::release)
        .onMessage(CopyBranch.class, this::copy)
        .onMessage(Merge.class, this::merge)
        .build();
  }

  private Behavior<Command> load(Load load) {
    Optional<NaturalBranch> branch = load.state().branch();
    CompletionStage<Done> loaded =
        branch
            .map(begun -> natural.load(begun.natural()))
            .orElseGet(() -> CompletableFuture.completedFuture(Done.done()));
    return start(loaded, branch.map(NaturalBranch::start), load.replyTo());
  }

  private Behavior<Command> beginEpoch(BeginEpoch begin) {
    ParameterValues values = begin.certified().values();
    joined = begin.steps();
    CompletionStage<Done> loaded =
        natural.state(start.isPresent()).thenCompose(state -> natural.load(state.with(values)));
    return start(loaded, Optional.of(values), begin.replyTo());
  }

  private Behavior<Command> start(
      CompletionStage<Done> loaded,
      Optional<ParameterValues> values,
      ActorRef<StatusReply<Done>> replyTo) {
    getContext()
        .pipeToSelf(
            loaded,
            (done, problem) ->
                new Started(values, Optional.ofNullable(problem).map(Causes::of), replyTo));
    return this;
  }

  private Behavior<Command> started(Started started) {
    if (started.problem().isPresent()) {
      started.replyTo().tell(StatusReply.error(started.problem().get()));
    } else {
      start = started.start();
      started.replyTo().tell(StatusReply.success(Done.done()));
    }
    return this;
  }

  private Behavior<Command> takeUp(StepNatural step) {
    if (step.batch().context().globalStep() == joined) {
      answer(natural.step(step.batch()), step.replyTo());
    } else {
      held = Optional.of(step);
    }
    return this;
  }

  private Behavior<Command> release(StepsJoined news) {
    joined = news.steps();
    Optional<StepNatural> waiting = held;
    held = Optional.empty();
    waiting.ifPresent(this::takeUp);
    return this;
  }

  private Behavior<Command> copy(CopyBranch copy) {
    Optional<ParameterValues> begun = start;
    answer(
        begun
            .map(
                values ->
                    natural
                        .state(true)
                        .thenApply(state -> Optional.of(new NaturalBranch(values, state))))
            .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty())),
        copy.replyTo());
    return this;
  }

  private Behavior<Command> merge(Merge merge) {
    ParameterValues begun = start.orElseThrow();
    answer(
        natural
            .state(true)
            .thenApplyAsync(
                state -> compared(begun, state.values(), merge.certified().values()), io),
        merge.replyTo());
    return this;
  }

  private Comparison compared(
      ParameterValues begun, ParameterValues naturally, ParameterValues certified) {
    long from = System.nanoTime();
    GradientProjection.Merged merged = projection.merge(network, begun, naturally, certified);
    return new Comparison(
        merged.values(), merged.cosines(), Duration.ofNanos(System.nanoTime() - from));
  }

  private static <T> void answer(CompletionStage<T> work, ActorRef<StatusReply<T>> replyTo) {
    work.whenComplete(
        (result, problem) ->
            replyTo.tell(
                problem == null
                    ? StatusReply.success(result)
                    : StatusReply.error(Causes.of(problem))));
  }
}
