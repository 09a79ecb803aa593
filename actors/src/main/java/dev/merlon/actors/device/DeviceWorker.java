package dev.merlon.actors.device;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.pattern.StatusReply;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.Batch;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.training.AttackedStep;
import dev.merlon.model.training.EvaluationCounts;
import dev.merlon.model.training.EvaluationPlan;
import dev.merlon.model.training.Learner;
import dev.merlon.model.training.LearnerState;
import dev.merlon.model.training.StepLosses;
import dev.merlon.model.training.StepReport;
import dev.merlon.model.training.Weights;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The only owner of a run's tensors on one device. It does one thing at a time on its own thread
 * ({@link #PROPS}) and answers every request; a request that fails is answered with its reason and
 * leaves the weights as they were, and the asker decides whether to go on. Tensors never leave in a
 * message: others hold an {@link AttackedHandle}, or copies in Java memory. Everything is freed
 * when the worker stops.
 */
public final class DeviceWorker extends AbstractBehavior<DeviceWorker.Command> {
  /** One thread of its own that lives as long as the worker. */
  public static final Props PROPS = DispatcherSelector.fromConfig("merlon.dispatchers.device");

  private final String device;
  private final Supplier<Learner> open;
  private final Map<AttackedHandle, AttackedStep> searched = new HashMap<>();
  private Optional<Learner> learner = Optional.empty();
  private long generation;
  private long number;

  /** What a worker can be asked to do. */
  public sealed interface Command {}

  /** Makes the tensors of a run, at its start or as a saved state has them; voids all handles. */
  public record Load(Optional<LearnerState> state, ActorRef<StatusReply<Done>> replyTo)
      implements Command {}

  /** Searches the adversarial points of a batch under the weights as they are. */
  public record Search(Batch batch, Phase phase, ActorRef<StatusReply<AttackedHandle>> replyTo)
      implements Command {}

  /** Builds the graph of a step and measures its losses; spends the handle. */
  public record Forward(
      AttackedHandle batch, Phase phase, ActorRef<StatusReply<StepLosses>> replyTo)
      implements Command {}

  /** Collects the gradients of the open step. */
  public record Backward(ActorRef<StatusReply<Done>> replyTo) implements Command {}

  /** Moves the weights by the open step's gradients and ends the step. */
  public record ApplyUpdate(Phase phase, ActorRef<StatusReply<StepReport>> replyTo)
      implements Command {}

  /** Gives up the open step and every searched batch; voids all handles. Nothing is answered. */
  public record Abandon() implements Command {}

  /** Adds the weights as they are to their average. */
  public record AverageWeights(ActorRef<StatusReply<Done>> replyTo) implements Command {}

  /** Begins to measure batch-norm statistics over many batches; drops an unfinished pass. */
  public record BeginStatistics(Weights weights, ActorRef<StatusReply<Done>> replyTo)
      implements Command {}

  /** Adds a batch to the statistics. */
  public record AddStatistics(Batch batch, ActorRef<StatusReply<Done>> replyTo)
      implements Command {}

  /** Makes the measured statistics those of the network. */
  public record FinishStatistics(ActorRef<StatusReply<Done>> replyTo) implements Command {}

  /** Counts what a network gets right and what is proved of a batch, with running statistics. */
  public record Evaluate(
      Batch batch,
      Weights weights,
      EvaluationPlan plan,
      ActorRef<StatusReply<EvaluationCounts>> replyTo)
      implements Command {}

  /** Copies everything the next step depends on. */
  public record TakeSnapshot(ActorRef<StatusReply<LearnerState>> replyTo) implements Command {}

  private DeviceWorker(ActorContext<Command> context, String device, Supplier<Learner> open) {
    super(context);
    this.device = device;
    this.open = open;
  }

  /**
   * A worker without tensors; the first command must be {@link Load}.
   *
   * @param device what the worker is called in handles and failures
   * @param open makes the learner, on the worker's thread
   */
  public static Behavior<Command> create(String device, Supplier<Learner> open) {
    return Behaviors.setup(context -> new DeviceWorker(context, device, open));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Load.class, m -> answer(m.replyTo(), () -> load(m.state())))
        .onMessage(Search.class, m -> answer(m.replyTo(), () -> search(m)))
        .onMessage(Forward.class, m -> answer(m.replyTo(), () -> forward(m)))
        .onMessage(Backward.class, m -> answer(m.replyTo(), () -> done(learner()::backward)))
        .onMessage(ApplyUpdate.class, m -> answer(m.replyTo(), () -> learner().update(m.phase())))
        .onMessage(Abandon.class, m -> abandon())
        .onMessage(
            AverageWeights.class, m -> answer(m.replyTo(), () -> done(learner()::averageWeights)))
        .onMessage(
            BeginStatistics.class,
            m -> answer(m.replyTo(), () -> done(() -> learner().beginStatistics(m.weights()))))
        .onMessage(
            AddStatistics.class,
            m -> answer(m.replyTo(), () -> done(() -> learner().addStatistics(m.batch()))))
        .onMessage(
            FinishStatistics.class,
            m -> answer(m.replyTo(), () -> done(learner()::finishStatistics)))
        .onMessage(
            Evaluate.class,
            m -> answer(m.replyTo(), () -> learner().evaluate(m.batch(), m.weights(), m.plan())))
        .onMessage(TakeSnapshot.class, m -> answer(m.replyTo(), () -> learner().state()))
        .onSignal(PostStop.class, signal -> close())
        .build();
  }

  private <T> Behavior<Command> answer(ActorRef<StatusReply<T>> replyTo, Supplier<T> work) {
    try {
      replyTo.tell(StatusReply.success(work.get()));
    } catch (RuntimeException failed) {
      replyTo.tell(StatusReply.error(failed));
    }
    return this;
  }

  private Done load(Optional<LearnerState> state) {
    if (state.isEmpty()) {
      close();
    }
    dropSearched();
    if (learner.isEmpty()) {
      learner = Optional.of(open.get());
    }
    state.ifPresent(learner()::restore);
    return Done.done();
  }

  private AttackedHandle search(Search search) {
    AttackedStep attacked = learner().search(search.batch(), search.phase());
    AttackedHandle handle = new AttackedHandle(device, generation, number++);
    searched.put(handle, attacked);
    return handle;
  }

  private StepLosses forward(Forward forward) {
    Learner current = learner();
    AttackedStep attacked = searched.remove(forward.batch());
    if (attacked == null) {
      throw new MerlonException(
          new Failure.Internal(
              "Device "
                  + device
                  + " holds no batch "
                  + forward.batch()
                  + " (generation "
                  + generation
                  + ")",
              "The step is searched again; please report this if it repeats."));
    }
    return current.forward(attacked, forward.phase());
  }

  private Behavior<Command> abandon() {
    dropSearched();
    learner.ifPresent(Learner::abandon);
    return this;
  }

  private Behavior<Command> close() {
    dropSearched();
    learner.ifPresent(Learner::close);
    learner = Optional.empty();
    return this;
  }

  private void dropSearched() {
    searched.values().forEach(AttackedStep::close);
    searched.clear();
    generation++;
  }

  private Learner learner() {
    return learner.orElseThrow(
        () ->
            new MerlonException(
                new Failure.Internal(
                    "Device " + device + " was given work before it was loaded",
                    "Please report this.")));
  }

  private static Done done(Runnable work) {
    work.run();
    return Done.done();
  }
}
