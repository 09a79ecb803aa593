package dev.merlon.actors.training;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.japi.function.Function;
import akka.pattern.StatusReply;
import dev.merlon.actors.Causes;
import dev.merlon.actors.Stage;
import dev.merlon.actors.device.DeviceWorker;
import dev.merlon.actors.training.AttackSearcher.Attacked;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.optimize.Schedules;
import dev.merlon.model.training.LearnerState;
import dev.merlon.model.training.StepLosses;
import dev.merlon.model.training.StepReport;
import dev.merlon.streams.InStep;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Commits steps: forward pass, backward pass, the optimiser's turn, and the news to the {@link
 * AttackSearcher} that there are new weights. Losses that are no numbers fail the forward pass.
 * Where a snapshot is due it is taken behind the update, before any later step can change the
 * weights. One step at a time.
 */
final class BoundPropagator extends AbstractBehavior<BoundPropagator.Command> {
  private final Stage<DeviceWorker.Command> worker;
  private final Stage<AttackSearcher.Command> searcher;
  private final Schedules schedules;
  private final SnapshotCadence cadence;
  private final Duration timeout;

  /** What a propagator can be told. */
  sealed interface Command {}

  /** Propagates a searched batch and commits its step. */
  record Propagate(InStep<Attacked> step, ActorRef<StatusReply<StepCompleted>> replyTo)
      implements Command {}

  private record Committed(ActorRef<StatusReply<StepCompleted>> replyTo, StepCompleted step)
      implements Command {}

  private record Failed(ActorRef<StatusReply<StepCompleted>> replyTo, Throwable problem)
      implements Command {}

  private BoundPropagator(
      ActorContext<Command> context,
      Stage<DeviceWorker.Command> worker,
      Stage<AttackSearcher.Command> searcher,
      Schedules schedules,
      SnapshotCadence cadence,
      Duration timeout) {
    super(context);
    this.worker = worker;
    this.searcher = searcher;
    this.schedules = schedules;
    this.cadence = cadence;
    this.timeout = timeout;
  }

  /**
   * A propagator that works on one device.
   *
   * @param searcher told of every commit
   * @param timeout how long the device may take for each part of a step
   */
  static Behavior<Command> create(
      Stage<DeviceWorker.Command> worker,
      Stage<AttackSearcher.Command> searcher,
      Schedules schedules,
      SnapshotCadence cadence,
      Duration timeout) {
    return Behaviors.setup(
        context -> new BoundPropagator(context, worker, searcher, schedules, cadence, timeout));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Propagate.class, this::propagate)
        .onMessage(Committed.class, this::announce)
        .onMessage(Failed.class, this::giveUp)
        .build();
  }

  private Behavior<Command> propagate(Propagate propagate) {
    Attacked attacked = propagate.step().value();
    Phase phase = schedules.phase(propagate.step().context().globalStep());
    getContext()
        .pipeToSelf(
            commit(attacked, phase),
            (done, problem) ->
                problem == null
                    ? new Committed(propagate.replyTo(), done)
                    : new Failed(propagate.replyTo(), Causes.of(problem)));
    return this;
  }

  private Behavior<Command> announce(Committed committed) {
    searcher
        .actor()
        .tell(new AttackSearcher.UpdatesCommitted(committed.step().phase().globalStep() + 1));
    committed.replyTo().tell(StatusReply.success(committed.step()));
    return this;
  }

  private Behavior<Command> giveUp(Failed failed) {
    worker.actor().tell(new DeviceWorker.Abandon());
    failed.replyTo().tell(StatusReply.error(failed.problem()));
    return this;
  }

  private CompletionStage<StepCompleted> commit(Attacked attacked, Phase phase) {
    long begun = System.nanoTime();
    boolean snapshot = cadence.isDue(phase.globalStep() + 1);
    return this.<StepLosses>ask(to -> new DeviceWorker.Forward(attacked.handle(), phase, to))
        .thenCompose(
            losses ->
                this.<Done>ask(DeviceWorker.Backward::new)
                    .thenCompose(
                        done -> this.<StepReport>ask(to -> new DeviceWorker.ApplyUpdate(phase, to)))
                    .thenCompose(
                        report -> {
                          Duration elapsed =
                              attacked.elapsed().plusNanos(System.nanoTime() - begun);
                          return state(snapshot)
                              .thenApply(
                                  state ->
                                      new StepCompleted(phase, losses, report, elapsed, state));
                        }));
  }

  private CompletionStage<Optional<LearnerState>> state(boolean wanted) {
    return wanted
        ? this.<LearnerState>ask(DeviceWorker.TakeSnapshot::new).thenApply(Optional::of)
        : CompletableFuture.completedFuture(Optional.empty());
  }

  private <T> CompletionStage<T> ask(
      Function<ActorRef<StatusReply<T>>, DeviceWorker.Command> question) {
    return worker.ask(question, timeout);
  }
}
