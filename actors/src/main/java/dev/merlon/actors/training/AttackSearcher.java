package dev.merlon.actors.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.pattern.StatusReply;
import dev.merlon.actors.Causes;
import dev.merlon.actors.Stage;
import dev.merlon.actors.device.AttackedHandle;
import dev.merlon.actors.device.DeviceWorker;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.Batch;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.optimize.Schedules;
import dev.merlon.streams.InStep;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/**
 * Decides when, where and how often a batch is searched for adversarial points. The search of step
 * t is held until the update of step t-1 is committed, so that it sees exactly the weights of a
 * plain sequential loop (staleness 0). A search changes nothing, so one that fails on its device is
 * tried once more before the step fails.
 */
final class AttackSearcher extends AbstractBehavior<AttackSearcher.Command> {
  private static final int TRIES = 2;

  private final Stage<DeviceWorker.Command> worker;
  private final Schedules schedules;
  private final Duration timeout;
  private long committed;
  private Optional<SearchStep> held = Optional.empty();

  /** What a searcher can be told. */
  sealed interface Command {}

  /** Searches a batch as soon as the step before it is committed. One at a time. */
  record SearchStep(InStep<Batch> batch, ActorRef<StatusReply<Attacked>> replyTo)
      implements Command {}

  /** So many updates of the run are in the weights. */
  record UpdatesCommitted(long updates) implements Command {}

  private record Answered(SearchStep step, int tries, long begun, Attempted result)
      implements Command {}

  private record Attempted(Optional<AttackedHandle> handle, Optional<Throwable> problem) {}

  /**
   * A searched batch.
   *
   * @param handle the batch on its device
   * @param elapsed time of the search, without waiting for its turn
   */
  record Attacked(AttackedHandle handle, Duration elapsed) {}

  private AttackSearcher(
      ActorContext<Command> context,
      Stage<DeviceWorker.Command> worker,
      Schedules schedules,
      long committed,
      Duration timeout) {
    super(context);
    this.worker = worker;
    this.schedules = schedules;
    this.committed = committed;
    this.timeout = timeout;
  }

  /**
   * A searcher that works on one device.
   *
   * @param committed updates that the weights have at the beginning
   * @param timeout how long the device may take for one search
   */
  static Behavior<Command> create(
      Stage<DeviceWorker.Command> worker, Schedules schedules, long committed, Duration timeout) {
    return Behaviors.setup(
        context -> new AttackSearcher(context, worker, schedules, committed, timeout));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(SearchStep.class, this::takeUp)
        .onMessage(UpdatesCommitted.class, this::release)
        .onMessage(Answered.class, this::answer)
        .build();
  }

  private Behavior<Command> takeUp(SearchStep step) {
    if (step.batch().context().globalStep() == committed) {
      search(step, 1);
    } else {
      held = Optional.of(step);
    }
    return this;
  }

  private Behavior<Command> release(UpdatesCommitted news) {
    committed = news.updates();
    Optional<SearchStep> waiting = held;
    held = Optional.empty();
    waiting.ifPresent(this::takeUp);
    return this;
  }

  private void search(SearchStep step, int tries) {
    long begun = System.nanoTime();
    Phase phase = phase(step);
    CompletionStage<AttackedHandle> searched =
        worker.ask(to -> new DeviceWorker.Search(step.batch().value(), phase, to), timeout);
    getContext()
        .pipeToSelf(
            searched,
            (handle, problem) ->
                new Answered(
                    step,
                    tries,
                    begun,
                    new Attempted(
                        Optional.ofNullable(handle),
                        Optional.ofNullable(problem).map(Causes::of))));
  }

  private Behavior<Command> answer(Answered answered) {
    SearchStep step = answered.step();
    Attempted result = answered.result();
    if (result.handle().isPresent()) {
      Duration elapsed = Duration.ofNanos(System.nanoTime() - answered.begun());
      step.replyTo().tell(StatusReply.success(new Attacked(result.handle().get(), elapsed)));
    } else if (answered.tries() < TRIES && isWorthAnotherTry(result.problem().orElseThrow())) {
      getContext().getLog().warn("The search of {} failed and is tried again", phase(step).place());
      search(step, answered.tries() + 1);
    } else {
      step.replyTo().tell(StatusReply.error(result.problem().orElseThrow()));
    }
    return this;
  }

  private Phase phase(SearchStep step) {
    return schedules.phase(step.batch().context().globalStep());
  }

  // A device that does not answer will not answer the next request either.
  private static boolean isWorthAnotherTry(Throwable problem) {
    return !(problem instanceof MerlonException known)
        || (known.failure() instanceof Failure.Device
            && !(known.getCause() instanceof TimeoutException));
  }
}
