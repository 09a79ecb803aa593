package dev.merlon.actors.verification;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import dev.merlon.model.verify.Pending;
import dev.merlon.model.verify.ladder.Effort;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Owns open models with their sessions and tensors, and works on one slice at a time; asks the pool
 * for the next. A model that it does not hold is opened when a slice of it comes, and those that
 * were not used for longest are closed where they are too many. What breaks a verifier is reported,
 * and all models are closed, since nobody knows what state the native code is in. Runs on the
 * verifiers' dispatcher, because verifying blocks its thread.
 */
final class VerifierWorker extends AbstractBehavior<VerifierWorker.Command> {

  /** What the pool tells a worker. */
  sealed interface Command permits Work, EngineWorker.Internal {}

  /**
   * Work on a slice.
   *
   * @param model how its model is opened
   * @param deadline of {@link System#nanoTime}, until which the time limit of the effort is cut;
   *     opening the model counts
   * @param stop looked at while it is worked on
   */
  record Work(
      Slice<Pending> slice,
      ServedModel model,
      Effort effort,
      OptionalLong deadline,
      BooleanSupplier stop)
      implements Command {

    /** With the time until the deadline, and what earlier slices took of it, which is counted. */
    Effort effortNow() {
      if (deadline.isEmpty()) {
        return effort;
      }
      long left = Math.max(0, deadline.getAsLong() - System.nanoTime());
      long spent =
          slice.queries().stream().mapToLong(one -> one.progress().spentNanos()).max().orElse(0);
      return effort.within(Duration.ofNanos(left).plusNanos(spent));
    }
  }

  private final ActorRef<VerifierPool.Command> pool;
  private final HeldModels models;

  private VerifierWorker(
      ActorContext<Command> context, ActorRef<VerifierPool.Command> pool, HeldModels models) {
    super(context);
    this.pool = pool;
    this.models = models;
  }

  static Behavior<Command> create(
      ActorRef<VerifierPool.Command> pool, VerificationSettings.Holding holding) {
    return Behaviors.setup(
        context -> {
          pool.tell(new VerifierPool.Ready(context.getSelf(), Set.of()));
          return new VerifierWorker(context, pool, new HeldModels(holding));
        });
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Work.class, this::onWork)
        .onSignal(PostStop.class, signal -> close())
        .build();
  }

  private Behavior<Command> onWork(Work work) {
    pool.tell(result(work));
    pool.tell(new VerifierPool.Ready(getContext().getSelf(), models.digests()));
    return this;
  }

  private VerifierPool.Command result(Work work) {
    long ticket = work.slice().ticket();
    SliceWork.End end =
        SliceWork.run(models, work.model(), work.slice().queries(), work::effortNow, work.stop());
    return VerifierPool.told(ticket, end);
  }

  private Behavior<Command> close() {
    models.close();
    return this;
  }
}
